import type { Ivr, SmaAction, SmaEvent, SmaParticipant } from '@onrecord/adapter-chime/sma';

/** What the agent's keys do. */
const KEYS: Readonly<Record<string, 'pause' | 'resume' | 'stop'>> = { '5': 'pause', '6': 'resume', '7': 'stop' };

/**
 * Rings the agent, then listens to the agent's keys. The keys come from LEG-B, and the recording is of LEG-A: a command
 * names the session, never the leg that the key came from, so it cannot reach the wrong one.
 */
export function callFlow(agentNumber: string): Ivr {
  return (event, { turn, sessionIds }) => {
    const agent = participant(event, 'LEG-B');
    switch (event.InvocationEventType) {
      case 'NEW_INBOUND_CALL':
        return { after: [ring(agentNumber, participant(event, 'LEG-A')?.From)] };
      case 'ACTION_SUCCESSFUL': {
        if (event.ActionData?.Type !== 'CallAndBridge' || !agent) return undefined;
        const [recording] = sessionIds;
        return { before: [listenToKeys(agent)], attributes: recording === undefined ? {} : { recording } };
      }
      case 'DIGITS_RECEIVED': {
        const command = KEYS[String(event.ActionData?.['ReceivedDigits'])];
        const recording = event.CallDetails.TransactionAttributes?.['recording'];
        if (command && recording !== undefined) turn[command](recording);
        // Whether ReceiveDigits goes on after a key is not documented; another one does, whatever comes of the command.
        return agent ? { after: [listenToKeys(agent)] } : undefined;
      }
      case 'HANGUP':
        return { before: event.CallDetails.Participants.filter(isConnected).map(hangUp) };
      default:
        return undefined;
    }
  };
}

function ring(agentNumber: string, callerNumber: string | undefined): SmaAction {
  const Endpoints = [{ BridgeEndpointType: 'PSTN', Uri: agentNumber }];
  return { Type: 'CallAndBridge', Parameters: { CallTimeoutSeconds: 30, CallerIdNumber: callerNumber, Endpoints } };
}

function listenToKeys({ CallId }: SmaParticipant): SmaAction {
  return {
    Type: 'ReceiveDigits',
    Parameters: {
      CallId,
      InputDigitsRegex: `^[${Object.keys(KEYS).join('')}]$`,
      InBetweenDigitsDurationInMilliseconds: 500,
      FlushDigitsDurationInMilliseconds: 1_000,
    },
  };
}

function hangUp({ CallId }: SmaParticipant): SmaAction {
  return { Type: 'Hangup', Parameters: { CallId, SipResponseCode: '0' } };
}

function isConnected({ Status }: SmaParticipant): boolean {
  return Status === 'Connected';
}

function participant(event: SmaEvent, tag: 'LEG-A' | 'LEG-B'): SmaParticipant | undefined {
  return event.CallDetails.Participants.find(({ ParticipantTag }) => ParticipantTag === tag);
}
