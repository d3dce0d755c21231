import { identifierShape } from '../../schema/identifier-shape.ts';
import { flag, listOf, type ObjectShape, type Shape, text } from '../../schema/shape.ts';
import { closed, participantShape, recordingKind, recordingState } from './answer-shapes.ts';

const integer: Shape = { kind: 'integer' };
const diagnostic: ObjectShape = closed({ code: integer, message: text });

/** Texts by names that the sender chooses. */
const named: ObjectShape = { kind: 'object', closed: false, properties: {} };

const resultInformation: ObjectShape = closed({
  code: integer,
  subCode: integer,
  message: text,
  sipDetails: diagnostic,
  q850Details: diagnostic,
});

const ids: Readonly<Record<string, Shape>> = {
  callConnectionId: text,
  serverCallId: text,
  correlationId: text,
  resultInformation,
};

/** What most callbacks carry. */
const plain: ObjectShape = closed({ ...ids, operationContext: text });
const added: ObjectShape = closed({ ...plain.properties, participant: identifierShape });

/** Data of callbacks and of `IncomingCall`, by their names in swagger 2026-03-12. */
export const eventShapes: Readonly<Record<string, ObjectShape>> = {
  CallConnected: plain,
  CallDisconnected: plain,
  AnswerFailed: plain,
  CreateCallFailed: plain,
  ConnectFailed: plain,
  CallTransferAccepted: closed({
    ...plain.properties,
    transferTarget: identifierShape,
    transferee: identifierShape,
  }),
  CallTransferFailed: plain,
  ParticipantsUpdated: closed({ ...ids, sequenceNumber: integer, participants: listOf(participantShape) }),
  AddParticipantSucceeded: added,
  AddParticipantFailed: added,
  PlayStarted: plain,
  PlayCompleted: plain,
  PlayFailed: closed({ ...plain.properties, failedPlaySourceIndex: integer }),
  PlayCanceled: plain,
  RecordingStateChanged: closed({
    ...ids,
    recordingId: text,
    state: recordingState,
    startDateTime: text,
    recordingKind,
  }),
  StartRecordingFailed: closed({ ...plain.properties, recordingId: text }),
  IncomingCall: closed({
    to: identifierShape,
    from: identifierShape,
    callerDisplayName: text,
    serverCallId: text,
    customContext: closed({
      voipHeaders: named,
      sipHeaders: named,
      teamsPhoneCallDetails: closed({
        teamsPhoneCallerDetails: closed(
          {
            caller: identifierShape,
            name: text,
            phoneNumber: text,
            recordId: text,
            screenPopUrl: text,
            isAuthenticated: flag,
            additionalCallerInformation: named,
          },
          ['caller', 'name', 'phoneNumber'],
        ),
        teamsPhoneSourceDetails: closed(
          { source: identifierShape, language: text, status: text, intendedTargets: named },
          ['language', 'source', 'status'],
        ),
        sessionId: text,
        intent: text,
        callTopic: text,
        callContext: text,
        transcriptUrl: text,
        callSentiment: text,
        suggestedActions: text,
      }),
    }),
    incomingCallContext: text,
    onBehalfOfCallee: identifierShape,
    correlationId: text,
  }),
};
