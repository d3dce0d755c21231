import { FaultPlan } from '../../faults/fault-plan.ts';

/** One thing that call analytics is about to do: create the pipeline of a Voice Connector call, use its role, run an element. */
export interface InsightsStep {
  readonly step: 'create' | 'role' | 'transcription' | 'recording' | 'enhancement';
  /** Absent while a pipeline is only being created. */
  readonly pipelineId?: string | undefined;
}

/**
 * What goes wrong with it. `access-denied` names the role in `failureReason`; a transcription that fails `temporarily`
 * goes on.
 */
export type InsightsFault = 'fails' | 'access-denied' | 'temporarily';

/**
 * Faults of call analytics, matched by step or predicate.
 *
 * @example
 * ```ts
 * chime.insightsFaults.next({ match: 'recording', fault: 'fails' });
 * ```
 */
export type InsightsFaults = FaultPlan<InsightsStep, InsightsFault>;

export function insightsFaults(): InsightsFaults {
  return new FaultPlan(({ step }) => step);
}
