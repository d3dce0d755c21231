import { callLocator } from './call-options-shape.ts';
import { identifierShape } from './identifier-shape.ts';
import { flag, listOf, type ObjectShape, oneOf, text } from './shape.ts';

/** Body of POST /calling/recordings. Source: swagger 2026-03-12, `StartCallRecordingRequest`: nothing is required. */
export const startRecordingShape: ObjectShape = {
  kind: 'object',
  closed: true,
  properties: {
    callLocator,
    callConnectionId: text,
    recordingStateCallbackUri: text,
    recordingContentType: oneOf('audio', 'audioVideo'),
    recordingChannelType: oneOf('mixed', 'unmixed'),
    recordingFormatType: oneOf('wav', 'mp3', 'mp4'),
    audioChannelParticipantOrdering: listOf(identifierShape),
    channelAffinity: listOf({
      kind: 'object',
      closed: true,
      required: ['participant'],
      properties: { channel: { kind: 'integer', minimum: 0, maximum: 4 }, participant: identifierShape },
    }),
    pauseOnStart: flag,
    externalStorage: {
      kind: 'object',
      closed: true,
      required: ['recordingStorageKind'],
      properties: {
        recordingStorageKind: oneOf('azureCommunicationServices', 'azureBlobStorage'),
        recordingDestinationContainerUrl: text,
      },
    },
  },
};
