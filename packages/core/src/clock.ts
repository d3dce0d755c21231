/**
 * Time as OnRecord sees it. Everything that waits or stamps takes a `Clock`, so a test can run an hour in
 * milliseconds and no test sleeps.
 */
export interface Clock {
  /** Wall time, milliseconds since the Unix epoch. May jump; never used to measure a deadline. */
  now(): number;
  /** Milliseconds from an arbitrary origin that never go backwards; the base of every deadline. */
  monotonic(): number;
  /**
   * Resolves `ms` milliseconds later.
   * @throws the signal's reason, at once when it is already aborted.
   */
  delay(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

/** A timer takes no more milliseconds: of a longer time it makes one. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of this machine. A pending {@link Clock.delay} keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async delay(ms, options) {
    for (let rest = ms; ; rest -= longestTimerMs) {
      await timer(Math.min(rest, longestTimerMs), options?.signal);
      if (rest <= longestTimerMs) return;
    }
  },
};

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(pending);
      reject(signal?.reason);
    };
    const pending = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** RFC 3339 in UTC with milliseconds, the only form in which OnRecord stores a time. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
