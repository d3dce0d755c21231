import type { EventBridgeEvent } from './event-bridge-event.ts';

/**
 * What goes wrong with one event on its way to one receiver: it never comes, comes twice, comes after the next event
 * for the same receiver, or comes later by the simulator's clock.
 */
export type EventFault = 'lost' | 'duplicated' | 'reversed' | { readonly delayMs: number };

export interface EventFaultRule {
  /** `detail.eventType` (or the detail-type of an event without one), or a predicate; omitted, any event matches. */
  readonly match?: string | ((event: EventBridgeEvent) => boolean) | undefined;
  readonly fault: EventFault;
  /** To how many deliveries the fault is applied. @default 1 */
  readonly times?: number | undefined;
}

/** The event faults still to commit, in the order in which they were asked for. A delivery takes the first that matches. */
export class EventFaults {
  #rules: (EventFaultRule & { left: number })[] = [];

  next(rule: EventFaultRule): void {
    this.#rules.push({ ...rule, left: rule.times ?? 1 });
  }

  /** How many applications are still to come. */
  pending(): number {
    return this.#rules.reduce((sum, rule) => sum + rule.left, 0);
  }

  take(event: EventBridgeEvent): EventFault | undefined {
    const rule = this.#rules.find(({ match }) =>
      typeof match === 'string' ? match === eventName(event) : (match?.(event) ?? true),
    );
    if (!rule) return undefined;
    rule.left -= 1;
    if (rule.left <= 0) this.#rules = this.#rules.filter((other) => other !== rule);
    return rule.fault;
  }
}

/** `chime:MediaPipelineDeleted`; `Object Created` for an event whose detail names no type. */
export function eventName(event: EventBridgeEvent): string {
  const { eventType } = event.detail;
  return typeof eventType === 'string' ? eventType : event['detail-type'];
}
