import type { Operation } from '../operation.ts';
import { integer, label, list, oneOf, query, required, structure, text } from '../shape.ts';
import { arn, clientRequestToken, externalId, GUID_PATTERN, mediaErrors, mediaTags } from './common.ts';
import { compositedVideo } from './composited-video.ts';

const guid = text({ min: 36, max: 36, pattern: GUID_PATTERN });
const anyText = text({ min: 0, max: 4096, pattern: '.*' });
const state = required(oneOf('Enabled', 'Disabled'));
const listing = structure({
  NextToken: query('next-token', anyText),
  MaxResults: query('max-results', integer({ min: 1, max: 100 })),
});
const byId = structure({ MediaPipelineId: label(guid) });

export const createMediaCapturePipeline: Operation = {
  service: 'media-pipelines',
  name: 'CreateMediaCapturePipeline',
  method: 'POST',
  path: '/sdk-media-capture-pipelines',
  status: 201,
  input: structure({
    SourceType: required(oneOf('ChimeSdkMeeting')),
    SourceArn: required(arn),
    SinkType: required(oneOf('S3Bucket')),
    SinkArn: required(arn),
    ClientRequestToken: clientRequestToken,
    ChimeSdkMeetingConfiguration: structure({
      SourceConfiguration: structure({
        SelectedVideoStreams: structure({
          AttendeeIds: list(guid, { min: 1 }),
          ExternalUserIds: list(externalId, { min: 1 }),
        }),
      }),
      ArtifactsConfiguration: structure({
        Audio: required(
          structure({
            MuxType: required(oneOf('AudioOnly', 'AudioWithActiveSpeakerVideo', 'AudioWithCompositedVideo')),
          }),
        ),
        Video: required(structure({ State: state, MuxType: oneOf('VideoOnly') })),
        Content: required(structure({ State: state, MuxType: oneOf('ContentOnly') })),
        CompositedVideo: compositedVideo,
      }),
    }),
    SseAwsKeyManagementParams: structure({ AwsKmsKeyId: required(anyText), AwsKmsEncryptionContext: anyText }),
    SinkIamRoleArn: arn,
    Tags: mediaTags,
  }),
  errors: ['ResourceLimitExceeded', ...mediaErrors],
};

export const createMediaConcatenationPipeline: Operation = {
  service: 'media-pipelines',
  name: 'CreateMediaConcatenationPipeline',
  method: 'POST',
  path: '/sdk-media-concatenation-pipelines',
  status: 201,
  input: structure({
    Sources: required(
      list(
        structure({
          Type: required(oneOf('MediaCapturePipeline')),
          MediaCapturePipelineSourceConfiguration: required(
            structure({
              MediaPipelineArn: required(arn),
              ChimeSdkMeetingConfiguration: required(
                structure({
                  ArtifactsConfiguration: required(
                    structure({
                      Audio: required(structure({ State: required(oneOf('Enabled')) })),
                      Video: required(structure({ State: state })),
                      Content: required(structure({ State: state })),
                      DataChannel: required(structure({ State: state })),
                      TranscriptionMessages: required(structure({ State: state })),
                      MeetingEvents: required(structure({ State: state })),
                      CompositedVideo: required(structure({ State: state })),
                    }),
                  ),
                }),
              ),
            }),
          ),
        }),
        { min: 1, max: 1 },
      ),
    ),
    Sinks: required(
      list(
        structure({
          Type: required(oneOf('S3Bucket')),
          S3BucketSinkConfiguration: required(structure({ Destination: required(arn) })),
        }),
        { min: 1, max: 1 },
      ),
    ),
    ClientRequestToken: clientRequestToken,
    Tags: mediaTags,
  }),
  errors: ['ResourceLimitExceeded', ...mediaErrors],
};

export const getMediaCapturePipeline: Operation = {
  service: 'media-pipelines',
  name: 'GetMediaCapturePipeline',
  method: 'GET',
  path: '/sdk-media-capture-pipelines/{MediaPipelineId}',
  status: 200,
  input: byId,
  errors: ['NotFound', ...mediaErrors],
};

export const listMediaCapturePipelines: Operation = {
  service: 'media-pipelines',
  name: 'ListMediaCapturePipelines',
  method: 'GET',
  path: '/sdk-media-capture-pipelines',
  status: 200,
  input: listing,
  errors: ['ResourceLimitExceeded', ...mediaErrors],
};

export const deleteMediaCapturePipeline: Operation = {
  service: 'media-pipelines',
  name: 'DeleteMediaCapturePipeline',
  method: 'DELETE',
  path: '/sdk-media-capture-pipelines/{MediaPipelineId}',
  status: 204,
  input: byId,
  errors: ['NotFound', ...mediaErrors],
};

export const getMediaPipeline: Operation = {
  service: 'media-pipelines',
  name: 'GetMediaPipeline',
  method: 'GET',
  path: '/sdk-media-pipelines/{MediaPipelineId}',
  status: 200,
  input: byId,
  errors: ['NotFound', ...mediaErrors],
};

export const listMediaPipelines: Operation = {
  service: 'media-pipelines',
  name: 'ListMediaPipelines',
  method: 'GET',
  path: '/sdk-media-pipelines',
  status: 200,
  input: listing,
  errors: ['ResourceLimitExceeded', ...mediaErrors],
};

export const deleteMediaPipeline: Operation = {
  service: 'media-pipelines',
  name: 'DeleteMediaPipeline',
  method: 'DELETE',
  path: '/sdk-media-pipelines/{MediaPipelineId}',
  status: 204,
  input: byId,
  errors: ['NotFound', 'Conflict', ...mediaErrors],
};
