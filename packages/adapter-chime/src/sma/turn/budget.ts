import type { Clock } from '@onrecord/core';

/** What came of something that had only so long. */
export type Timely<T> = { readonly value: T } | { readonly late: true } | { readonly error: unknown };

/** The time left for an answer. What takes longer is not waited for; it goes on, and its outcome is dropped. */
export class Budget {
  readonly #clock: Clock;
  readonly #totalMs: number;
  readonly #startedAt: number;

  constructor(clock: Clock, totalMs: number) {
    this.#clock = clock;
    this.#totalMs = totalMs;
    this.#startedAt = clock.monotonic();
  }

  /** Waits for `work` until `share` (0 to 1) of the whole time is over. Never rejects. */
  async within<T>(share: number, work: () => T | Promise<T>): Promise<Timely<T>> {
    const left = this.#startedAt + this.#totalMs * share - this.#clock.monotonic();
    const done = new AbortController();
    const late = this.#clock.delay(Math.max(0, left), { signal: done.signal }).then(
      () => ({ late: true as const }),
      () => ({ late: true as const }),
    );
    const result = Promise.resolve()
      .then(work)
      .then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
    const outcome = await Promise.race([result, late]);
    done.abort();
    return outcome;
  }
}
