import type { Operation } from '../operation.ts';
import { integer, label, list, map, moment, oneOf, required, structure, text } from '../shape.ts';
import { arn, clientRequestToken, mediaErrors, mediaTags } from './common.ts';

const streamArn = text({
  min: 1,
  max: 1024,
  pattern: '^arn:[a-z\\d-]+:kinesisvideo:[a-z0-9-]+:[0-9]+:[a-z]+/[a-zA-Z0-9_.-]+/[0-9]+$',
});

export const createMediaInsightsPipeline: Operation = {
  service: 'media-pipelines',
  name: 'CreateMediaInsightsPipeline',
  method: 'POST',
  path: '/media-insights-pipelines',
  status: 201,
  input: structure({
    MediaInsightsPipelineConfigurationArn: required(arn),
    KinesisVideoStreamSourceRuntimeConfiguration: structure({
      Streams: required(
        list(
          structure({
            StreamArn: required(streamArn),
            FragmentNumber: text({ min: 1, max: 128, pattern: '^[0-9]+$' }),
            StreamChannelDefinition: required(
              structure({
                NumberOfChannels: required(integer({ min: 1, max: 2 })),
                ChannelDefinitions: list(
                  structure({
                    ChannelId: required(integer({ min: 0, max: 1 })),
                    ParticipantRole: oneOf('AGENT', 'CUSTOMER'),
                  }),
                  { min: 1, max: 2 },
                ),
              }),
            ),
          }),
          { min: 1, max: 2 },
        ),
      ),
      MediaEncoding: required(oneOf('pcm')),
      MediaSampleRate: required(integer({ min: 8000, max: 48_000 })),
    }),
    MediaInsightsRuntimeMetadata: map(
      {},
      { key: text({ min: 0, max: 1024, pattern: '\\S' }), value: text({ min: 0, max: 4096, pattern: '.*' }) },
    ),
    KinesisVideoStreamRecordingSourceRuntimeConfiguration: structure({
      Streams: required(list(structure({ StreamArn: streamArn }), { min: 1, max: 2 })),
      FragmentSelector: required(
        structure({
          FragmentSelectorType: required(oneOf('ProducerTimestamp', 'ServerTimestamp')),
          TimestampRange: required(structure({ StartTimestamp: required(moment), EndTimestamp: required(moment) })),
        }),
      ),
    }),
    S3RecordingSinkRuntimeConfiguration: structure({
      Destination: required(arn),
      RecordingFileFormat: required(oneOf('Wav', 'Opus')),
    }),
    Tags: mediaTags,
    ClientRequestToken: clientRequestToken,
  }),
  errors: ['NotFound', 'ResourceLimitExceeded', ...mediaErrors],
};

export const updateMediaInsightsPipelineStatus: Operation = {
  service: 'media-pipelines',
  name: 'UpdateMediaInsightsPipelineStatus',
  method: 'PUT',
  path: '/media-insights-pipeline-status/{Identifier}',
  status: 200,
  input: structure({
    Identifier: label(text({ min: 0, max: 1024, pattern: '\\S' })),
    UpdateStatus: required(oneOf('Pause', 'Resume')),
  }),
  errors: ['NotFound', 'Conflict', ...mediaErrors],
};
