import { expect, test } from 'vitest';
import { resolveMeetingConfig } from './config.ts';
import { concatenationRequest, destinationOf } from './map-concatenation.ts';

const part = { sessionId: '019b8d62-7a80-7d5a-8ef6-abb769a540b7', partId: 'p2' };
const pipelineArn = 'arn:aws:chime:us-east-1:111122223333:media-pipeline/1a0ce85f-5ea0-4fef-accd-77e6f9cd1b61';
const config = resolveMeetingConfig({
  region: 'us-east-1',
  bucket: 'recordings',
  prefix: 'meetings',
  tags: { team: 'sales' },
});

test('CreateMediaConcatenationPipeline takes one capture, a place beside its chunks, and the tags of the driver', () => {
  const destination = destinationOf(part, config, 2);
  const plan = { pipelineArn, asked: undefined, present: undefined, token: 'a-token', destination };
  const request = concatenationRequest(part, plan, config);
  expect(request.Sources).toHaveLength(1);
  expect(request.Sources?.[0]?.MediaCapturePipelineSourceConfiguration?.MediaPipelineArn).toBe(pipelineArn);
  expect(request.Sinks).toEqual([
    {
      Type: 'S3Bucket',
      S3BucketSinkConfiguration: { Destination: `arn:aws:s3:::recordings/meetings/${part.sessionId}/p2/concat-2` },
    },
  ]);
  expect(request.ClientRequestToken).toBe('a-token');
  expect(request.Tags).toEqual([
    { Key: 'onrecord:session', Value: part.sessionId },
    { Key: 'team', Value: 'sales' },
  ]);
});

test('each attempt has a place of its own, and the first is the plain one', () => {
  expect([destinationOf(part, config), destinationOf(part, config, 1), destinationOf(part, config, 3)]).toEqual(
    ['concat', 'concat', 'concat-3'].map((folder) => `meetings/${part.sessionId}/p2/${folder}`),
  );
});
