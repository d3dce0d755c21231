import { callLocator, callOptions, communicationUser, phoneNumber, teamsApp } from './call-options-shape.ts';
import { identifierShape } from './identifier-shape.ts';
import { listOf, type ObjectShape, text } from './shape.ts';

/** Body of POST /calling/callConnections. Source: swagger 2026-03-12, `CreateCallRequest`. */
export const createCallShape: ObjectShape = {
  kind: 'object',
  closed: true,
  required: ['callbackUri', 'targets'],
  properties: {
    ...callOptions,
    targets: listOf(identifierShape),
    sourceCallerIdNumber: phoneNumber,
    sourceDisplayName: text,
    source: communicationUser,
    teamsAppSource: teamsApp,
  },
};

/** Body of POST /calling/callConnections:answer. Source: swagger 2026-03-12, `AnswerCallRequest`. */
export const answerCallShape: ObjectShape = {
  kind: 'object',
  closed: true,
  required: ['callbackUri', 'incomingCallContext'],
  properties: { ...callOptions, incomingCallContext: text, answeredBy: communicationUser },
};

/** Body of POST /calling/callConnections:connect. Source: swagger 2026-03-12, `ConnectRequest`. */
export const connectShape: ObjectShape = {
  kind: 'object',
  closed: true,
  required: ['callLocator', 'callbackUri'],
  properties: { ...callOptions, callLocator },
};
