import { callIdOf, eventType, participantOf } from '../event/read-event.ts';
import type { RecordOp } from '../record/op.ts';
import type { Item } from '../turn/item.ts';
import { settle } from '../turn/settle.ts';
import { legOf, type TurnState, withLeg } from '../turn/state.ts';
import { legNotices } from './call-notices.ts';
import { endLegs } from './end-legs.ts';
import { secureNotice, untoldNotice } from './notice.ts';
import { add, type EventContext, type Outcome } from './outcome.ts';
import { takeReports } from './take-reports.ts';

export interface Observed extends Outcome {
  /** The action that the event reported, when it was one of the list we answered. */
  readonly reported?: Item | undefined;
}

/** Everything that an event tells, before anybody is asked what to do about it. */
export function observe(context: EventContext, before: TurnState): Observed {
  const { event } = context;
  const settled = settle(before, event);
  const reported = settled.failed?.item ?? settled.confirmed.at(-1);
  let outcome = takeReports(context, before, settled);
  if (!reported) outcome = takeLateStart(context, outcome);
  for (const untold of before.untold) outcome = add(outcome, { notices: untoldNotice(context, untold) });
  outcome = expire(context, { ...outcome, state: { ...outcome.state, untold: [] } });
  const legs = legNotices(event, outcome.state.legs, context.provider);
  outcome = {
    ...outcome,
    state: withAnswered(context, { ...outcome.state, legs: legs.legs }),
    notices: [...legs.connected, ...outcome.notices],
  };
  outcome = add(endLegs(context, outcome, legs.ended), { notices: legs.ended });
  return reported ? { ...outcome, reported } : outcome;
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

/**
 * The success of a start that no list of ours holds any more, since the leg hung up or the state was lost. The key
 * prefix in its destination names the session.
 */
function takeLateStart(context: EventContext, outcome: Outcome): Outcome {
  const { event, now } = context;
  const data = event.ActionData;
  if (eventType(event) !== 'ACTION_SUCCESSFUL' || data?.Type !== 'StartCallRecording') return outcome;
  const destination = data.Parameters?.['Destination'] as { readonly Location?: unknown } | undefined;
  const landed = data['CallRecordingDestination'] as { readonly Location?: unknown } | undefined;
  const session = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(String(destination?.Location))?.[1];
  const callId = callIdOf(event, data);
  if (session === undefined || callId === undefined || !participantOf(event, callId)) return outcome;
  const { sessions } = legOf(outcome.state, callId);
  const known = sessions.find(({ id }) => id === session);
  const op: RecordOp = {
    op: 'seen',
    what: 'start',
    session,
    command: known?.command ?? '',
    sequence: event.Sequence,
    at: now,
    ...(typeof landed?.Location === 'string' ? { location: landed.Location } : {}),
  };
  const state = known
    ? outcome.state
    : withLeg(outcome.state, callId, { sessions: [...sessions, { id: session, is: 'open', command: '' }] });
  return add(outcome, { state, ops: [op] });
}
