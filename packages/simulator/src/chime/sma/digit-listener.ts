import type { Clock } from '@onrecord/core';

export interface DigitListenerRules {
  readonly pattern: RegExp;
  /** Silence after which the digits so far are compared with the pattern, in ms. */
  readonly betweenMs: number;
  /** From the first digit to the moment when unmatched digits are thrown away, in ms. */
  readonly flushMs: number;
}

/** The standing listener of ReceiveDigits: reports digits that match, throws others away. */
export class DigitListener {
  readonly #clock: Clock;
  readonly #rules: DigitListenerRules;
  readonly #onMatch: (digits: string) => void;
  readonly #ended: AbortSignal;
  #digits = '';
  #flush = new AbortController();
  #between = new AbortController();

  constructor(clock: Clock, rules: DigitListenerRules, ended: AbortSignal, onMatch: (digits: string) => void) {
    this.#clock = clock;
    this.#rules = rules;
    this.#ended = ended;
    this.#onMatch = onMatch;
  }

  press(key: string): void {
    if (this.#digits === '') {
      this.#flush = this.#after(this.#rules.flushMs, () => {
        this.#between.abort();
        this.#compare();
        this.#digits = '';
      });
    }
    this.#digits += key;
    this.#between.abort();
    this.#between = this.#after(this.#rules.betweenMs, () => this.#compare());
  }

  #compare(): void {
    const digits = this.#digits;
    if (digits === '' || !this.#rules.pattern.test(digits)) return;
    this.#digits = '';
    this.#flush.abort();
    this.#onMatch(digits);
  }

  #after(ms: number, run: () => void): AbortController {
    const cancel = new AbortController();
    const signal = AbortSignal.any([cancel.signal, this.#ended]);
    this.#clock.delay(ms, { signal }).then(run, () => {});
    return cancel;
  }
}
