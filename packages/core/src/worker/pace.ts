import type { Clock } from '../clock.ts';
import type { Classification } from '../errors/codes.ts';

const firstTroubleMs = 1_000;
const longestTroubleMs = 60_000;
/** Wait after an answer that repeating does not change: a missing permission, a wrong key. */
const hopelessMs = 30_000;

interface Asked {
  readonly at: number;
  readonly failures: number;
  readonly notBefore: number;
}

/**
 * How soon something may be asked again. Kept in memory and measured by the monotonic clock: another process, or this
 * one after a restart, may ask once too often, and a wall clock that jumps stops nothing.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #asked = new Map<string, Asked>();
  readonly #instances = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until `key` may be asked, if it is to be asked every `intervalMs`; 0 = now. */
  wait(key: string, instance: string, intervalMs: number): number {
    const asked = this.#asked.get(key);
    const next = Math.max(asked ? asked.at + intervalMs : 0, asked?.notBefore ?? 0, this.#instances.get(instance) ?? 0);
    return Math.max(0, next - this.#clock.monotonic());
  }

  /** Whether `key` was asked and gave an answer the last time. */
  isAnswered(key: string): boolean {
    return this.#asked.get(key)?.failures === 0;
  }

  /** Whether `key` was asked and failed the last time. */
  isFailing(key: string): boolean {
    return (this.#asked.get(key)?.failures ?? 0) > 0;
  }

  succeeded(key: string): void {
    this.#asked.set(key, { at: this.#clock.monotonic(), failures: 0, notBefore: 0 });
  }

  /** Waits longer with each failure, and for the whole instance when it asks for fewer requests. */
  failed(key: string, instance: string, { code, retry, retryAfterMs }: Classification): void {
    const now = this.#clock.monotonic();
    const failures = (this.#asked.get(key)?.failures ?? 0) + 1;
    const doubled = Math.min(longestTroubleMs, firstTroubleMs * 2 ** Math.min(failures - 1, 30));
    const wait = Math.max(retryAfterMs ?? 0, doubled, retry === 'never' ? hopelessMs : 0);
    this.#asked.set(key, { at: now, failures, notBefore: now + wait });
    if (code !== 'rate-limited') return;
    const known = this.#instances.get(instance) ?? 0;
    this.#instances.set(instance, Math.max(known, now + (retryAfterMs ?? doubled)));
  }

  /** Forgets everything whose key begins like this. */
  forget(prefix: string): void {
    for (const key of this.#asked.keys()) if (key.startsWith(prefix)) this.#asked.delete(key);
  }
}
