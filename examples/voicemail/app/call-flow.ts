import type { Ivr, IvrAnswer, SmaParticipant } from '@onrecord/adapter-chime/sma';

/** Notes whose message a session is. */
export type NoteCaller = (sessionId: string, callerNumber: string) => void;

/** Says goodbye when the message is over, or that there will be none, and hangs up. */
export function callFlow(noteCaller: NoteCaller): Ivr {
  return (event, { sessionIds }) => {
    const [caller] = event.CallDetails.Participants;
    const [sessionId] = sessionIds;
    if (sessionId !== undefined && caller?.From !== undefined) noteCaller(sessionId, caller.From);
    const done = event.ActionData?.Type;
    if (event.InvocationEventType === 'ACTION_SUCCESSFUL' && done === 'RecordAudio') {
      return goodbye(caller, 'Thank you. Goodbye.');
    }
    if (event.InvocationEventType === 'ACTION_FAILED' && (done === 'RecordAudio' || done === 'PlayAudio')) {
      return goodbye(caller, 'Sorry, no message can be left right now. Please call again.');
    }
    return undefined;
  };
}

function goodbye(caller: SmaParticipant | undefined, Text: string): IvrAnswer | undefined {
  if (caller?.Status !== 'Connected') return undefined;
  const { CallId } = caller;
  return {
    before: [
      { Type: 'Speak', Parameters: { CallId, Text } },
      { Type: 'Hangup', Parameters: { CallId, SipResponseCode: '0' } },
    ],
  };
}
