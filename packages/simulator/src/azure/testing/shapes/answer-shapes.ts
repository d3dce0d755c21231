import { callOptions, communicationUser, phoneNumber } from '../../schema/call-options-shape.ts';
import { identifierShape } from '../../schema/identifier-shape.ts';
import { flag, listOf, type ObjectShape, oneOf, text } from '../../schema/shape.ts';

const closed = (properties: ObjectShape['properties'], required?: readonly string[]): ObjectShape => ({
  kind: 'object',
  closed: true,
  ...(required && { required }),
  properties,
});

/** Anything: where the description refers to itself. */
const open: ObjectShape = { kind: 'object', closed: false, properties: {} };

const recordingKind = oneOf('azureCommunicationServices', 'teams', 'teamsCompliance');
const recordingState = oneOf('active', 'inactive');
const subscriptionState = oneOf('disabled', 'inactive', 'active');

export const participantShape: ObjectShape = closed({ identifier: identifierShape, isMuted: flag, isOnHold: flag });

/** Bodies of answers, by the name of their definition in swagger 2026-03-12. */
export const answerShapes: Readonly<Record<string, ObjectShape>> = {
  RecordingStateResponse: closed({ recordingId: text, recordingState, recordingKind }),
  CallConnectionProperties: closed({
    callConnectionId: text,
    serverCallId: text,
    targets: listOf(identifierShape),
    callConnectionState: oneOf(
      'unknown',
      'connecting',
      'connected',
      'transferring',
      'transferAccepted',
      'disconnecting',
      'disconnected',
    ),
    callbackUri: callOptions['callbackUri'] ?? text,
    sourceCallerIdNumber: phoneNumber,
    sourceDisplayName: text,
    source: identifierShape,
    correlationId: text,
    answeredBy: communicationUser,
    mediaStreamingSubscription: closed({
      id: text,
      state: subscriptionState,
      subscribedContentTypes: listOf(oneOf('audio')),
    }),
    transcriptionSubscription: closed({
      id: text,
      state: subscriptionState,
      subscribedResultTypes: listOf(oneOf('final', 'intermediate')),
      locale: text,
    }),
    answeredFor: phoneNumber,
  }),
  CallParticipant: participantShape,
  GetParticipantsResponse: closed({ value: listOf(participantShape), nextLink: text }, ['value']),
  CommunicationErrorResponse: {
    kind: 'object',
    closed: false,
    required: ['error'],
    properties: {
      error: {
        kind: 'object',
        closed: false,
        required: ['code', 'message'],
        properties: { code: text, message: text, target: text, details: listOf(open), innererror: open },
      },
    },
  },
};

export { closed, recordingKind, recordingState };
