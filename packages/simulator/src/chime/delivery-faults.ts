import { FaultPlan } from '../faults/fault-plan.ts';

/** One file that a Chime service is about to write. */
export interface Delivery {
  readonly kind:
    | 'sma-recording'
    | 'sma-message'
    | 'capture-chunk'
    | 'meeting-events'
    | 'concatenation'
    | 'insights-recording'
    | 'insights-enhanced';
  readonly bucket: string;
  readonly key: string;
  /** For a chunk: whether it is the last one of its pipeline. */
  readonly last: boolean;
}

/**
 * What goes wrong with one file: it is never written, is written empty, is refused by the bucket (a pipeline then
 * fails, a RecordAudio too; a call recording is just not there), or comes later.
 */
export type DeliveryFault = 'never' | 'zero-bytes' | 'access-denied' | { readonly delayMs: number };

/**
 * Faults of files, matched by kind or predicate.
 *
 * @example
 * ```ts
 * chime.deliveryFaults.next({ match: ({ kind, last }) => kind === 'capture-chunk' && last, fault: 'never' });
 * ```
 */
export type DeliveryFaults = FaultPlan<Delivery, DeliveryFault>;

export function deliveryFaults(): DeliveryFaults {
  return new FaultPlan(({ kind }) => kind);
}
