import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Emulation } from '../capabilities/offer.ts';
import { OnRecordError } from '../errors/index.ts';

/** What a recorder offers: the driver's capabilities, and the emulations that are on and needed. */
export interface Offered {
  readonly capabilities: Capabilities;
  /** Emulations in force; one that the provider makes needless is not among them. */
  readonly emulate: readonly Emulation[];
}

/** @throws OnRecordError `unsupported` when the provider cannot carry an emulation. */
export function offeredCapabilities(native: Capabilities, wanted: readonly Emulation[], instance: string): Offered {
  if (!wanted.includes('pause-by-segments') || native.pause !== false) return { capabilities: native, emulate: [] };
  const { total } = native.starts;
  if (total !== 'unlimited') {
    throw new OnRecordError(
      'unsupported',
      `The provider instance "${instance}" starts ${total} recording(s) per ${native.starts.scope}: no pause can be made of segments.`,
      { remedy: "Leave out emulate: ['pause-by-segments'].", context: { provider: instance } },
    );
  }
  return {
    capabilities: { ...native, pause: { effects: ['segmented'], fidelity: 'emulated', startPaused: false } },
    emulate: ['pause-by-segments'],
  };
}
