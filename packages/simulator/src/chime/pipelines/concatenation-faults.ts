import { FaultPlan } from '../../faults/fault-plan.ts';

/** A concatenation that is about to work. */
export interface ConcatenationAttempt {
  readonly pipelineId: string;
  /** The capture that it joins. */
  readonly sourceId: string;
}

/**
 * What goes wrong with a concatenation: it never ends; it fails; it ends well and there is no file, or one that lacks
 * its end.
 */
export type ConcatenationFault = 'stuck' | 'failed' | 'missing' | { readonly shortByMs: number };

/**
 * Faults of concatenations, matched by the id of their source or by a predicate.
 *
 * @example
 * ```ts
 * chime.concatenationFaults.next({ fault: { shortByMs: 10_000 } });
 * ```
 */
export type ConcatenationFaults = FaultPlan<ConcatenationAttempt, ConcatenationFault>;

export function concatenationFaults(): ConcatenationFaults {
  return new FaultPlan(({ sourceId }) => sourceId);
}
