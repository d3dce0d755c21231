import type { EventFault } from '../../faults/event-fault.ts';
import { FaultPlan } from '../../faults/fault-plan.ts';
import type { EventBridgeEvent } from './event-bridge-event.ts';

/** Faults of events, matched by `detail.eventType` (or the detail-type of an event without one) or predicate. */
export type EventFaults = FaultPlan<EventBridgeEvent, EventFault>;

export function eventFaults(): EventFaults {
  return new FaultPlan((event) => {
    const { eventType } = event.detail;
    return typeof eventType === 'string' ? eventType : event['detail-type'];
  });
}
