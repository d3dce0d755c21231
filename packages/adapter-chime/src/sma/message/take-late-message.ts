import { callIdOf, eventType, failureOf, participantOf } from '../event/read-event.ts';
import { add, type EventContext, type Outcome } from '../flow/outcome.ts';
import type { SeenOp } from '../record/op.ts';
import { commandOf } from '../turn/item.ts';
import { legOf, withLeg } from '../turn/state.ts';
import { messageEnd, sessionOfMessage } from './read-message.ts';

/**
 * What is told of a message that no list of ours holds any more: it was interrupted, its leg hung up first, or the state
 * was lost. The prefix of its file names the session.
 */
export function takeLateMessage(context: EventContext, outcome: Outcome): Outcome {
  const { event, now } = context;
  const data = event.ActionData;
  const session = sessionOfMessage(data);
  const callId = callIdOf(event, data);
  const what = whatOf(context, outcome, session);
  if (!what || session === undefined || callId === undefined || !participantOf(event, callId)) return outcome;
  const { sessions } = legOf(outcome.state, callId);
  const known = sessions.find(({ id }) => id === session);
  const command = known?.command ?? '';
  const over = { id: session, is: 'over', command, message: true } as const;
  const state = withLeg(outcome.state, callId, { sessions: [...sessions.filter((other) => other !== known), over] });
  return add(outcome, { state, ops: [{ op: 'seen', session, command, sequence: event.Sequence, at: now, ...what }] });
}

function whatOf(
  { event }: EventContext,
  { state }: Outcome,
  session: string | undefined,
): Pick<SeenOp, 'what'> | undefined {
  switch (eventType(event)) {
    case 'ACTION_SUCCESSFUL':
      return { what: 'message', ...messageEnd(event, state.legs) };
    case 'ACTION_FAILED':
      return { what: 'failed', ...{ error: failureOf(event) } };
    case 'ACTION_INTERRUPTED': {
      const asked = state.running.some((item) => {
        const own = commandOf(item);
        return own?.kind === 'stop' && own.session === session;
      });
      return { what: 'interrupted', ...(asked ? { asked } : {}) };
    }
    default:
      return undefined;
  }
}
