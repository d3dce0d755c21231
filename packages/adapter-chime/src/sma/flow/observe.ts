import { eventType } from '../event/read-event.ts';
import type { Item } from '../turn/item.ts';
import { settle } from '../turn/settle.ts';
import { type TurnState, withLeg } from '../turn/state.ts';
import { legNotices } from './call-notices.ts';
import { endLegs } from './end-legs.ts';
import { secureNotice, untoldNotice } from './notice.ts';
import { add, type EventContext, type Outcome } from './outcome.ts';
import { takeReports } from './take-reports.ts';

export interface Observed extends Outcome {
  /** The action that the event reported, when it was one of the list we answered. */
  readonly reported?: Item | undefined;
  /** The list of an answer that the service refused. */
  readonly refused?: readonly Item[] | undefined;
}

/** Everything that an event tells, before anybody is asked what to do about it. */
export function observe(context: EventContext, before: TurnState): Observed {
  const { event } = context;
  const settled = settle(before, event, context.accepted);
  const reported = settled.failed?.item ?? settled.confirmed.at(-1);
  let outcome = takeReports(context, before, settled);
  for (const untold of before.untold) outcome = add(outcome, { notices: untoldNotice(context, untold) });
  outcome = expire(context, { ...outcome, state: { ...outcome.state, untold: [] } });
  const legs = legNotices(event, outcome.state.legs, context.provider);
  outcome = {
    ...outcome,
    state: withAnswered(context, { ...outcome.state, legs: legs.legs }),
    notices: [...legs.connected, ...outcome.notices],
  };
  outcome = add(endLegs(context, outcome, legs.ended), { notices: legs.ended });
  return { ...outcome, reported, refused: settled.refused };
}

/** `Connected` is proof of an answer everywhere but in NEW_INBOUND_CALL. */
function withAnswered({ event }: EventContext, before: TurnState): TurnState {
  if (eventType(event) === 'NEW_INBOUND_CALL') return before;
  let state = before;
  for (const { CallId, Status } of event.CallDetails.Participants) {
    if (Status === 'Connected') state = withLeg(state, CallId, { answered: true });
  }
  return state;
}

function expire(context: EventContext, before: Outcome): Outcome {
  let outcome = before;
  const secure = before.state.secure.map((section) => {
    if (section.expired || section.until === undefined || section.until > context.now) return section;
    outcome = add(outcome, { notices: secureNotice(context, 'secure.expired', section) });
    return { ...section, expired: true as const };
  });
  return { ...outcome, state: { ...outcome.state, secure } };
}
