import { flag, type ObjectShape, oneOf, type Shape, text } from './shape.ts';

/** Fields that creating, answering and connecting share. Source: swagger 2026-03-12. */
export const callOptions: Readonly<Record<string, Shape>> = {
  callbackUri: text,
  operationContext: text,
  callIntelligenceOptions: { kind: 'object', closed: true, properties: { cognitiveServicesEndpoint: text } },
  /** Open, as the description is: what a transport adds is not simulated. */
  mediaStreamingOptions: {
    kind: 'object',
    closed: false,
    required: ['audioChannelType', 'transportType'],
    properties: { transportType: oneOf('websocket'), audioChannelType: oneOf('mixed', 'unmixed') },
  },
  transcriptionOptions: {
    kind: 'object',
    closed: false,
    required: ['locale', 'transportType'],
    properties: { transportType: oneOf('websocket'), locale: text },
  },
};

export const communicationUser: ObjectShape = {
  kind: 'object',
  closed: false,
  required: ['id'],
  properties: { id: text },
};

export const phoneNumber: ObjectShape = {
  kind: 'object',
  closed: false,
  required: ['value'],
  properties: { value: text, isAnonymous: flag, assertedId: text },
};

export const teamsApp: ObjectShape = {
  kind: 'object',
  closed: false,
  required: ['appId'],
  properties: { appId: text, cloud: oneOf('public', 'dod', 'gcch') },
};

export const callLocator: ObjectShape = {
  kind: 'object',
  closed: true,
  properties: {
    groupCallId: text,
    serverCallId: text,
    roomId: text,
    kind: oneOf('groupCallLocator', 'serverCallLocator', 'roomCallLocator'),
  },
};
