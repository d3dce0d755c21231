import type { EventFault } from '../../faults/event-fault.ts';
import { FaultPlan } from '../../faults/fault-plan.ts';

/** How long a reversed event waits for another one to overtake it. */
export const REVERSAL_LIMIT_MS = 5_000;

/** An event as a rule sees it; `type` is the last part of its name: `RecordingStateChanged`. */
export interface OutgoingEvent {
  readonly type: string;
  readonly url: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Faults of events, callbacks and Event Grid alike, matched by the last part of their type or a predicate. A reversed one
 * comes {@link REVERSAL_LIMIT_MS} later when none overtakes it.
 *
 * @example
 * ```ts
 * azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost' });
 * ```
 */
export type EventFaults = FaultPlan<OutgoingEvent, EventFault>;

export function eventFaults(): EventFaults {
  return new FaultPlan(({ type }) => type);
}
