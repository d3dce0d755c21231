import type { Operation } from '../operation.ts';
import { integer, label, query, required, structure, text } from '../shape.ts';
import { clientRequestToken, mediaErrors, mediaTags } from './common.ts';

const identifier = label(text({ min: 0, max: 1024, pattern: '\\S' }));

export const createMediaPipelineKinesisVideoStreamPool: Operation = {
  service: 'media-pipelines',
  name: 'CreateMediaPipelineKinesisVideoStreamPool',
  method: 'POST',
  path: '/media-pipeline-kinesis-video-stream-pools',
  status: 201,
  input: structure({
    StreamConfiguration: required(
      structure({
        Region: required(text({ min: 1, max: 32, pattern: '^([a-z]+-){2,}\\d+$' })),
        DataRetentionInHours: integer({ min: 0 }),
      }),
    ),
    PoolName: required(text({ min: 1, max: 128, pattern: '^[0-9a-zA-Z._-]+$' })),
    ClientRequestToken: clientRequestToken,
    Tags: mediaTags,
  }),
  errors: ['Conflict', 'ResourceLimitExceeded', ...mediaErrors],
};

export const getMediaPipelineKinesisVideoStreamPool: Operation = {
  service: 'media-pipelines',
  name: 'GetMediaPipelineKinesisVideoStreamPool',
  method: 'GET',
  path: '/media-pipeline-kinesis-video-stream-pools/{Identifier}',
  status: 200,
  input: structure({ Identifier: identifier }),
  errors: ['NotFound', ...mediaErrors],
};

export const updateMediaPipelineKinesisVideoStreamPool: Operation = {
  service: 'media-pipelines',
  name: 'UpdateMediaPipelineKinesisVideoStreamPool',
  method: 'PUT',
  path: '/media-pipeline-kinesis-video-stream-pools/{Identifier}',
  status: 200,
  input: structure({
    Identifier: identifier,
    StreamConfiguration: structure({ DataRetentionInHours: integer({ min: 1 }) }),
  }),
  errors: ['NotFound', 'Conflict', ...mediaErrors],
};

export const deleteMediaPipelineKinesisVideoStreamPool: Operation = {
  service: 'media-pipelines',
  name: 'DeleteMediaPipelineKinesisVideoStreamPool',
  method: 'DELETE',
  path: '/media-pipeline-kinesis-video-stream-pools/{Identifier}',
  status: 204,
  input: structure({ Identifier: identifier }),
  errors: ['NotFound', 'Conflict', ...mediaErrors],
};

export const listMediaPipelineKinesisVideoStreamPools: Operation = {
  service: 'media-pipelines',
  name: 'ListMediaPipelineKinesisVideoStreamPools',
  method: 'GET',
  path: '/media-pipeline-kinesis-video-stream-pools',
  status: 200,
  input: structure({
    NextToken: query('next-token', text({ min: 0, max: 4096, pattern: '.*' })),
    MaxResults: query('max-results', integer({ min: 1, max: 100 })),
  }),
  errors: ['ResourceLimitExceeded', ...mediaErrors],
};
