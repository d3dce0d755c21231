/**
 * What happens to an event on its way:
 * - `'lost'`: it never arrives;
 * - `'duplicated'`: it arrives twice, with the same id;
 * - `'reversed'`: it arrives after the next event for the same URL, or {@link REVERSAL_LIMIT_MS} later when none comes;
 * - `delayMs`: it arrives that much later by the simulator's clock, and others may overtake it.
 */
export type EventFault = 'lost' | 'duplicated' | 'reversed' | { readonly delayMs: number };

/** How long a reversed event waits for another one to overtake it. */
export const REVERSAL_LIMIT_MS = 5_000;

/** An event as a rule sees it; `type` is the last part of its name: `RecordingStateChanged`. */
export interface OutgoingEvent {
  readonly type: string;
  readonly url: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventFaultRule {
  /** Last part of the event's type, or a predicate; omitted, any event matches. */
  readonly match?: string | ((event: OutgoingEvent) => boolean) | undefined;
  readonly fault: EventFault;
  /** @default 1 */
  readonly times?: number | undefined;
  /** Matching events that pass untouched first. @default 0 */
  readonly skip?: number | undefined;
}

/**
 * The faults that event delivery still has to commit, callbacks and Event Grid alike, in the order asked for.
 *
 * @example
 * ```ts
 * azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost' });
 * ```
 */
export class EventFaultScript {
  #rules: { readonly rule: EventFaultRule; left: number; toSkip: number }[] = [];

  next(rule: EventFaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? 1, toSkip: rule.skip ?? 0 });
  }

  /** How many applications are still to come. */
  pending(): number {
    return this.#rules.reduce((sum, { left }) => sum + left, 0);
  }

  /** The fault for this event; undefined when no rule matches. */
  take(event: OutgoingEvent): EventFault | undefined {
    for (const entry of this.#rules) {
      const { match, fault } = entry.rule;
      const fits = typeof match === 'string' ? match === event.type : (match?.(event) ?? true);
      if (!fits) continue;
      if (entry.toSkip > 0) {
        entry.toSkip -= 1;
        continue;
      }
      entry.left -= 1;
      if (entry.left <= 0) this.#rules = this.#rules.filter((other) => other !== entry);
      return fault;
    }
    return undefined;
  }
}
