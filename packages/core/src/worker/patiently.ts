import type { Clock } from '../clock.ts';
import { OnRecordError } from '../errors/index.ts';

/** Waits before something is tried again; after the last it is given up. */
const waits: readonly number[] = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 60_000, 60_000];

export interface Patience {
  readonly clock: Clock;
  /** Ends the trying. */
  readonly signal: AbortSignal;
}

/**
 * Tries until it succeeds, for four minutes; `failed` is told of the first failure.
 * @throws the signal's reason, or what the last attempt threw.
 */
export async function patiently(
  { clock, signal }: Patience,
  attempt: () => Promise<void>,
  failed: (error: unknown) => void = () => {},
): Promise<void> {
  for (let failures = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (failures === 0 && !signal.aborted) failed(error);
      const waitMs = waits[failures++];
      if (signal.aborted || isFinal(error) || waitMs === undefined) throw error;
      await clock.delay(waitMs, { signal });
    }
  }
}

/** Whether the next attempt must fail as well. */
function isFinal(error: unknown): boolean {
  return OnRecordError.is(error, 'provider-contract') || OnRecordError.is(error, 'unsupported');
}
