import {
  CreateMediaInsightsPipelineConfigurationCommand,
  DeleteMediaInsightsPipelineConfigurationCommand,
  GetMediaInsightsPipelineConfigurationCommand,
  ListTagsForResourceCommand,
  type MediaInsightsPipelineConfigurationElement,
  paginateListMediaInsightsPipelineConfigurations,
  UpdateMediaInsightsPipelineConfigurationCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  enhancement,
  type InsightsScene,
  openInsightsScene,
  ROLE,
  recording,
  records,
  transcription,
} from '../testing/insights-scene.ts';

let scene: InsightsScene;
beforeEach(async () => {
  scene = await openInsightsScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

test('CreateMediaInsightsPipelineConfiguration, GetMediaInsightsPipelineConfiguration by name and ARN, UpdateMediaInsightsPipelineConfiguration, ListMediaInsightsPipelineConfigurations in pages, DeleteMediaInsightsPipelineConfiguration', async () => {
  const arn = await scene.configure([recording], 'first');
  for (let count = 0; count < 4; count++) await scene.configure([recording, records]);
  const { pipelines } = scene.clients;
  for (const Identifier of [arn, 'first']) {
    const { MediaInsightsPipelineConfiguration: found } = await pipelines.send(
      new GetMediaInsightsPipelineConfigurationCommand({ Identifier }),
    );
    expect(found).toMatchObject({ MediaInsightsPipelineConfigurationArn: arn, Elements: [recording] });
    expect(found?.CreatedTimestamp).toBeInstanceOf(Date);
  }
  await pipelines.send(
    new UpdateMediaInsightsPipelineConfigurationCommand({
      Identifier: arn,
      ResourceAccessRoleArn: ROLE,
      Elements: [recording, enhancement],
    }),
  );
  const names: (string | undefined)[] = [];
  for await (const page of paginateListMediaInsightsPipelineConfigurations({ client: pipelines, pageSize: 2 }, {})) {
    for (const one of page.MediaInsightsPipelineConfigurations ?? []) {
      names.push(one.MediaInsightsPipelineConfigurationName);
    }
  }
  expect(names).toHaveLength(5);
  await pipelines.send(new DeleteMediaInsightsPipelineConfigurationCommand({ Identifier: 'first' }));
  await expect(
    pipelines.send(new GetMediaInsightsPipelineConfigurationCommand({ Identifier: 'first' })),
  ).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('have tags', async () => {
  const { pipelines } = scene.clients;
  const { MediaInsightsPipelineConfiguration: made } = await pipelines.send(
    new CreateMediaInsightsPipelineConfigurationCommand({
      MediaInsightsPipelineConfigurationName: 'tagged',
      ResourceAccessRoleArn: ROLE,
      Elements: [recording],
      Tags: [{ Key: 'team', Value: 'care' }],
    }),
  );
  const ResourceARN = made?.MediaInsightsPipelineConfigurationArn;
  expect((await pipelines.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
    { Key: 'team', Value: 'care' },
  ]);
});

describe('are refused', () => {
  const analytics = {
    Type: 'AmazonTranscribeCallAnalyticsProcessor',
    AmazonTranscribeCallAnalyticsProcessorConfiguration: { LanguageCode: 'en-US' },
  } as const;
  const elsewhere = {
    Type: 'KinesisDataStreamSink',
    KinesisDataStreamSinkConfiguration: { InsightsTarget: 'arn:aws:kinesis:us-west-2:111122223333:stream/insights' },
  } as const;
  const upperCase = {
    Type: 'S3RecordingSink',
    S3RecordingSinkConfiguration: { Destination: 'arn:aws:s3:::recordings', RecordingFileFormat: 'WAV' as 'Wav' },
  } as const;
  const noBucket = {
    Type: 'S3RecordingSink',
    S3RecordingSinkConfiguration: { Destination: 'arn:aws:s3:::nothing-here' },
  } as const;
  const textFlag = {
    Type: 'VoiceEnhancementSink',
    VoiceEnhancementSinkConfiguration: { Disabled: 'false' as never },
  } as const;

  test.each<[string, readonly MediaInsightsPipelineConfigurationElement[]]>([
    ['an element twice', [recording, recording]],
    ['both transcribers', [transcription, analytics]],
    ['enhancement without recording', [enhancement]],
    ['a sink of another region', [elsewhere]],
    ['a format in capitals', [upperCase]],
    ['a bucket that is not there', [noBucket]],
    ['a flag that is text', [recording, textFlag]],
  ])('%s', async (_, elements) => {
    await expect(scene.configure(elements)).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('a name that is taken, one that is too short, and one too many', async () => {
    await using small = await openInsightsScene({ insights: { maxConfigurations: 1 } });
    await small.configure([recording], 'taken');
    await expect(small.configure([recording], 'taken')).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(small.configure([recording], 'x')).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(small.configure([recording], 'more')).rejects.toMatchObject({
      name: 'ResourceLimitExceededException',
    });
  });
});

test('are refused where the service may not put tags on recordings', async () => {
  await using closed = await openInsightsScene({
    bucketPolicy: (_, _principal, action) => action !== 's3:PutObjectTagging',
  });
  await expect(closed.configure([recording])).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'S3 Bucket policy not valid/present for Sink arn:aws:s3:::recordings/calls',
  });
});
