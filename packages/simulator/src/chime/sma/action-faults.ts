import { FaultPlan } from '../../faults/fault-plan.ts';
import type { SmaAction } from './sma-event.ts';
import type { ActionError } from './sma-options.ts';

/**
 * Why actions fail before they have an effect, matched by type or predicate: `SystemException` of any action,
 * `AccessDenied` or `ActionExecutionThrottled` of Speak.
 */
export type ActionFaults = FaultPlan<SmaAction, ActionError>;

export function actionFaults(): ActionFaults {
  return new FaultPlan(({ Type }) => Type);
}
