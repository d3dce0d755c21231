import type { Clock } from '@onrecord/core';
import { type EventFaults, type OutgoingEvent, REVERSAL_LIMIT_MS } from './event-faults.ts';

/** Commits the faults of an {@link EventFaults} on events that are about to be delivered. */
export class EventGate {
  readonly #faults: EventFaults;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** By URL: deliveries that wait for another event to overtake them. */
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(faults: EventFaults, clock: Clock, signal: AbortSignal) {
    this.#faults = faults;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Calls `deliver` at once, twice, later or never, as the fault due for `event` says. @returns false for never. */
  pass(event: OutgoingEvent, deliver: () => void): boolean {
    const fault = this.#faults.take(event);
    if (fault === 'lost') return false;
    if (fault === 'reversed') {
      this.#keepBack(event.url, deliver);
    } else if (typeof fault === 'object') {
      this.#after(fault.delayMs, () => this.#deliver(event.url, deliver));
    } else {
      this.#deliver(event.url, deliver);
      if (fault === 'duplicated') deliver();
    }
    return true;
  }

  #deliver(url: string, deliver: () => void): void {
    deliver();
    const waiting = this.#waiting.get(url);
    this.#waiting.delete(url);
    for (const release of waiting ?? []) release();
  }

  #keepBack(url: string, deliver: () => void): void {
    const waiting = this.#waiting.get(url) ?? new Set();
    this.#waiting.set(url, waiting.add(deliver));
    this.#after(REVERSAL_LIMIT_MS, () => {
      if (this.#waiting.get(url)?.delete(deliver)) deliver();
    });
  }

  #after(ms: number, work: () => void): void {
    this.#clock.delay(ms, { signal: this.#signal }).then(work, () => undefined);
  }
}
