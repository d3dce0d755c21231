import { FaultPlan } from '../../faults/fault-plan.ts';
import type { OutgoingEvent } from './event-faults.ts';

/**
 * What is wrong with the token of a callback:
 * - `'expired'`, `'early'`: an hour too old, or too new;
 * - `'foreign-audience'`: for another resource; `'foreign-issuer'`: by somebody else;
 * - `'foreign-key'`: signed by a key that is not published, under the name of one that is; `'unknown-key'`: under a name
 *   that is not published;
 * - `'unsigned'`: `alg` none; `'symmetric'`: HS256 with the public key as its secret;
 * - `'missing'`: no token.
 */
export type TokenFault =
  | 'expired'
  | 'early'
  | 'foreign-audience'
  | 'foreign-issuer'
  | 'foreign-key'
  | 'unknown-key'
  | 'unsigned'
  | 'symmetric'
  | 'missing';

/** Faults of the tokens of callbacks, matched as those of events are; an array of events counts as its first. */
export type TokenFaults = FaultPlan<OutgoingEvent, TokenFault>;

export function tokenFaults(): TokenFaults {
  return new FaultPlan(({ type }) => type);
}
