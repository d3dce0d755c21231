import { identifierShape } from './identifier-shape.ts';
import { flag, listOf, type ObjectShape, oneOf, text } from './shape.ts';

/** Body of POST /calling/callConnections/{id}:play. Source: swagger 2026-03-12, `PlayRequest`. */
export const playShape: ObjectShape = {
  kind: 'object',
  closed: true,
  required: ['playSources'],
  properties: {
    playSources: listOf({
      kind: 'object',
      closed: true,
      required: ['kind'],
      properties: {
        kind: oneOf('file', 'text', 'ssml'),
        playSourceCacheId: text,
        file: { kind: 'object', closed: true, required: ['uri'], properties: { uri: text } },
        text: {
          kind: 'object',
          closed: true,
          required: ['text'],
          properties: {
            text: text,
            sourceLocale: text,
            voiceKind: oneOf('male', 'female'),
            voiceName: text,
            customVoiceEndpointId: text,
          },
        },
        ssml: {
          kind: 'object',
          closed: true,
          required: ['ssmlText'],
          properties: { ssmlText: text, customVoiceEndpointId: text },
        },
      },
    }),
    playTo: listOf(identifierShape),
    interruptCallMediaOperation: flag,
    playOptions: { kind: 'object', closed: true, required: ['loop'], properties: { loop: flag } },
    operationContext: text,
    operationCallbackUri: text,
  },
};
