import type { KitClock } from '@onrecord/contract-kit';
import type { VirtualClock } from '@onrecord/simulator';

/** Commands are confirmed by then: only what comes minutes later is waited for in seconds. */
const COMMAND_MS = 20_000;
const COARSE_MS = 1_000;

/**
 * The clock for the suite: it waits for commands in tenths of a second, and for files in seconds, since every step of an
 * hour in vain costs the machine what a step of a command does.
 */
export function kitClock(clock: VirtualClock): KitClock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    delay: (ms, options) => clock.delay(ms, options),
    advance: (ms) => clock.advance(ms),
    async until(work, limitMs = 24 * 3_600_000) {
      if (limitMs <= COMMAND_MS) return clock.until(work, limitMs);
      const over = new AbortController();
      const settled = work.then(
        () => true,
        () => true,
      );
      const late = clock.delay(COMMAND_MS, { signal: over.signal }).then(
        () => false,
        () => true,
      );
      const soon = await clock.until(Promise.race([settled, late]), limitMs);
      over.abort();
      return soon ? work : clock.until(work, limitMs - COMMAND_MS, COARSE_MS);
    },
  };
}
