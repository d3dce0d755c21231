import { callIdOf, participantOf } from '../event/read-event.ts';
import { add, type EventContext, type Outcome } from '../flow/outcome.ts';
import { legOf, withLeg } from '../turn/state.ts';
import type { RecordOp } from './op.ts';

/**
 * The success of a start that no list of ours holds any more, since the leg hung up or the state was lost. The key
 * prefix in its destination names the session.
 */
export function takeLateStart(context: EventContext, outcome: Outcome): Outcome {
  const { event, now } = context;
  const data = event.ActionData;
  const destination = data?.Parameters?.['Destination'] as { readonly Location?: unknown } | undefined;
  const landed = data?.['CallRecordingDestination'] as { readonly Location?: unknown } | undefined;
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
