import type { Clock } from '@onrecord/core';

/** Reads keys as they are pressed, in order; keys pressed while nobody waits are kept. */
export interface KeyReader {
  /** The next key, or undefined when `ms` pass without one. @throws the signal's reason. */
  next(ms: number, signal: AbortSignal): Promise<string | undefined>;
  /** Stops collecting. */
  close(): void;
}

/** The keys of one leg: each goes to the reader opened last, or else to the standing listener. */
export class Keypad {
  readonly #clock: Clock;
  readonly #readers: { push(key: string): void }[] = [];
  #listener: ((key: string) => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Who gets keys that no action collects; replaces the previous one. */
  listen(listener: (key: string) => void): void {
    this.#listener = listener;
  }

  press(key: string): void {
    const reader = this.#readers.at(-1);
    if (reader) reader.push(key);
    else this.#listener?.(key);
  }

  open(): KeyReader {
    const keys: string[] = [];
    let wake: (() => void) | undefined;
    const reader = {
      push: (key: string) => {
        keys.push(key);
        wake?.();
      },
    };
    this.#readers.push(reader);
    return {
      next: async (ms, signal) => {
        signal.throwIfAborted();
        if (keys.length === 0) {
          const timeout = new AbortController();
          const pressed = new Promise<void>((resolve) => {
            wake = () => {
              resolve();
              timeout.abort();
            };
          });
          const waiting = AbortSignal.any([timeout.signal, signal]);
          await Promise.race([pressed, this.#clock.delay(ms, { signal: waiting }).catch(() => {})]);
          wake = undefined;
          timeout.abort();
          signal.throwIfAborted();
        }
        return keys.shift();
      },
      close: () => {
        const index = this.#readers.indexOf(reader);
        if (index >= 0) this.#readers.splice(index, 1);
      },
    };
  }
}
