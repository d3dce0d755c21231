import { FaultPlan } from '../fault-plan.ts';
import type { EventBridgeEvent } from './event-bridge-event.ts';

/**
 * What goes wrong with one event on its way to one receiver: it never comes, comes twice, comes after the next event
 * for the same receiver, or comes later by the simulator's clock.
 */
export type EventFault = 'lost' | 'duplicated' | 'reversed' | { readonly delayMs: number };

/** Faults of events, matched by `detail.eventType` (or the detail-type of an event without one) or predicate. */
export type EventFaults = FaultPlan<EventBridgeEvent, EventFault>;

export function eventFaults(): EventFaults {
  return new FaultPlan((event) => {
    const { eventType } = event.detail;
    return typeof eventType === 'string' ? eventType : event['detail-type'];
  });
}
