import type { Clock } from '@onrecord/core';
import type { AzureBehaviour } from './behaviour.ts';
import type { CallbackSender } from './events/callback-sender.ts';

/** What every part of one simulated resource shares. */
export interface AzureWorld {
  readonly clock: Clock;
  readonly behaviour: AzureBehaviour;
  /** GUID of the resource, as in raw ids and the metadata file. */
  readonly resourceId: string;
  readonly callbacks: CallbackSender;
  /** Aborted when the simulator closes. */
  readonly signal: AbortSignal;
}

/** `clock`, whose delays end when the simulator closes: nothing that waits keeps the process. */
export function closingClock(clock: Clock, closing: AbortSignal): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    delay: (ms, { signal } = {}) => clock.delay(ms, { signal: signal ? AbortSignal.any([closing, signal]) : closing }),
  };
}

/** Does `work` after `ms` of the clock, unless the simulator (or `signal`) is done before. */
export function later(
  world: Pick<AzureWorld, 'clock' | 'signal'>,
  ms: number,
  work: () => void,
  signal: AbortSignal = world.signal,
): void {
  world.clock.delay(Math.max(0, ms), { signal }).then(work, (error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
