import type { CallNotice, Logger } from '@onrecord/core';
import type { SmaEvent } from '../event/sma-event.ts';
import type { RecordOp } from '../record/op.ts';
import type { TurnState } from '../turn/state.ts';

/** What an event has led to so far: changes of records, notices for the flow, the next state. */
export interface Outcome {
  readonly state: TurnState;
  readonly ops: readonly RecordOp[];
  readonly notices: readonly CallNotice[];
}

/** The event and where it is handled. */
export interface EventContext {
  readonly event: SmaEvent;
  readonly provider: string;
  readonly logger: Logger;
  /** With INVALID_LAMBDA_RESPONSE: `Sequence` of the last event whose answer was taken, as far as that is known. */
  readonly accepted?: number | undefined;
  /** Epoch ms. */
  readonly now: number;
}

export function add(outcome: Outcome, more: Partial<Outcome>): Outcome {
  return {
    state: more.state ?? outcome.state,
    ops: [...outcome.ops, ...(more.ops ?? [])],
    notices: [...outcome.notices, ...(more.notices ?? [])],
  };
}
