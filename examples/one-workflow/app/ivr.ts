import type { Ivr, SmaEvent } from '@onrecord/adapter-chime/sma';

/** The call flow: rings the agent as soon as the caller is being recorded, and lets both go when one hangs up. */
export function ivr(agentNumber: string): Ivr {
  return (event) => {
    const { Participants: participants } = event.CallDetails;
    const caller = participants.find(({ ParticipantTag }) => ParticipantTag === 'LEG-A');
    switch (event.InvocationEventType) {
      case 'ACTION_SUCCESSFUL':
      case 'ACTION_FAILED':
        // Failed or not, the caller is not left waiting.
        if (event.ActionData?.Type !== 'StartCallRecording' || !caller?.From) return undefined;
        return { before: [ring(agentNumber, caller.From)] };
      case 'HANGUP':
        return { before: connected(event).map(hangUp) };
      default:
        return undefined;
    }
  };
}

function ring(agentNumber: string, callerNumber: string) {
  return {
    Type: 'CallAndBridge',
    Parameters: {
      CallTimeoutSeconds: 20,
      CallerIdNumber: callerNumber,
      Endpoints: [{ BridgeEndpointType: 'PSTN', Uri: agentNumber }],
    },
  };
}

function hangUp(callId: string) {
  return { Type: 'Hangup', Parameters: { CallId: callId, SipResponseCode: '0' } };
}

function connected(event: SmaEvent): readonly string[] {
  return event.CallDetails.Participants.flatMap(({ CallId, Status }) => (Status === 'Connected' ? [CallId] : []));
}
