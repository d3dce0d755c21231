import {
  CreateMediaPipelineKinesisVideoStreamPoolCommand,
  DeleteMediaPipelineKinesisVideoStreamPoolCommand,
  GetMediaPipelineKinesisVideoStreamPoolCommand,
  paginateListMediaPipelineKinesisVideoStreamPools,
  UpdateMediaPipelineKinesisVideoStreamPoolCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChimeOptions } from '../start-chime.ts';
import { type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';
import { createPool, sinkOf, stream } from '../testing/side-requests.ts';

let scene: MeetingScene;
afterEach(() => scene?.[Symbol.asyncDispose]());
const open = async (options: Partial<ChimeOptions> = {}) => {
  scene = await openMeetingScene(options);
};
const read = async (Identifier: string) => {
  const command = new GetMediaPipelineKinesisVideoStreamPoolCommand({ Identifier });
  return (await scene.clients.pipelines.send(command)).KinesisVideoStreamPoolConfiguration;
};
const update = (Identifier: string, DataRetentionInHours?: number) =>
  scene.clients.pipelines.send(
    new UpdateMediaPipelineKinesisVideoStreamPoolCommand({
      Identifier,
      ...(DataRetentionInHours === undefined ? {} : { StreamConfiguration: { DataRetentionInHours } }),
    }),
  );
const remove = (Identifier: string) =>
  scene.clients.pipelines.send(new DeleteMediaPipelineKinesisVideoStreamPoolCommand({ Identifier }));
const poolEvents = () =>
  scene.chime.eventBridge
    .events()
    .filter((event) => event['detail-type'] === 'Chime Media Pipeline Kinesis Video Pool State Change')
    .map(({ detail }) => String(detail['eventType']).replace('chime:MediaPipelineKinesisVideoStreamPool', ''));

describe('a pool', () => {
  test('of CreateMediaPipelineKinesisVideoStreamPool is CREATING, then ACTIVE; GetMediaPipelineKinesisVideoStreamPool takes name and ARN', async () => {
    await open();
    const made = await createPool(scene, 'calls', { waitMs: 0 });
    expect(made).toMatchObject({
      PoolArn: 'arn:aws:chime:us-east-1:111122223333:media-pipeline-kinesis-video-stream-pool/calls',
      PoolName: 'calls',
      PoolId: expect.stringMatching(/^ChimeMediaPipelines-calls-[0-9a-f-]{36}$/),
      PoolStatus: 'CREATING',
      StreamConfiguration: { Region: 'eu-central-1', DataRetentionInHours: 24 },
      CreatedTimestamp: expect.any(Date),
    });
    await scene.clock.advance(5_000);
    expect(await read('calls')).toMatchObject({ PoolStatus: 'ACTIVE', PoolSize: 40 });
    expect(await read(made.PoolArn!)).toMatchObject({ PoolId: made.PoolId });
    expect(scene.chime.eventBridge.events().at(-1)).toMatchObject({
      'detail-type': 'Chime Media Pipeline Kinesis Video Pool State Change',
      detail: {
        eventType: 'chime:MediaPipelineKinesisVideoStreamPoolActive',
        mediaRegion: 'eu-central-1',
        poolArn: made.PoolArn,
      },
    });
  });

  test('UpdateMediaPipelineKinesisVideoStreamPool changes the retention, and is a conflict before it is ACTIVE', async () => {
    await open();
    await createPool(scene, 'calls', { waitMs: 0 });
    await expect(update('calls', 48)).rejects.toMatchObject({ name: 'ConflictException' });
    await scene.clock.advance(5_000);
    expect((await update('calls', 48)).KinesisVideoStreamPoolConfiguration).toMatchObject({
      PoolStatus: 'UPDATING',
      StreamConfiguration: { DataRetentionInHours: 48 },
    });
    await scene.clock.advance(5_000);
    expect(await read('calls')).toMatchObject({ PoolStatus: 'ACTIVE' });
    expect(poolEvents()).toEqual(['Active', 'Updated']);
  });

  test('DeleteMediaPipelineKinesisVideoStreamPool waits for the pipelines that use it; then nobody knows it', async () => {
    await open();
    const pool = await createPool(scene);
    await stream(scene, [sinkOf(pool, 'MixedAudio')]);
    await scene.clock.advance(3_000);
    await remove('calls');
    await expect(remove('calls')).rejects.toMatchObject({ name: 'ConflictException' });
    await scene.clock.advance(60_000);
    expect(await read('calls')).toMatchObject({ PoolStatus: 'DELETING' });
    scene.meeting.end();
    await scene.clock.advance(10_000);
    await expect(read('calls')).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(poolEvents()).toEqual(['Active', 'Deleted']);
    expect(scene.chime.kinesisVideoStreams()).toHaveLength(1);
  });

  test('ListMediaPipelineKinesisVideoStreamPools gives names, ids and ARNs, in pages', async () => {
    await open();
    for (const name of ['a', 'b', 'c']) await createPool(scene, name, { waitMs: 0 });
    const pages: unknown[] = [];
    const client = scene.clients.pipelines;
    for await (const page of paginateListMediaPipelineKinesisVideoStreamPools({ client, pageSize: 2 }, {})) {
      pages.push(page.KinesisVideoStreamPools?.map((pool) => [pool.PoolName, Object.keys(pool).sort()]));
    }
    const members = ['PoolArn', 'PoolId', 'PoolName'];
    expect(pages).toEqual([
      [
        ['a', members],
        ['b', members],
      ],
      [['c', members]],
    ]);
  });

  test.each([
    ['temporary', ['TemporaryFailure', 'Active'], 'ACTIVE'],
    ['permanent', ['PermanentFailure'], 'FAILED'],
  ] as const)('may fail: %s', async (poolFailure, told, status) => {
    await open({ streams: { poolFailure } });
    await createPool(scene, 'calls', { waitMs: 20_000 });
    expect(poolEvents()).toEqual(told);
    expect(await read('calls')).toMatchObject({ PoolStatus: status });
  });

  test('has a name of its own: a second one is a conflict, the same token is the same pool', async () => {
    await open();
    await createPool(scene);
    await expect(createPool(scene)).rejects.toMatchObject({ name: 'ConflictException' });
    const request = {
      PoolName: 'other',
      StreamConfiguration: { Region: 'eu-central-1' },
      ClientRequestToken: 'token-1',
    };
    const once = () => scene.clients.pipelines.send(new CreateMediaPipelineKinesisVideoStreamPoolCommand(request));
    const [first, again] = [await once(), await once()];
    expect(again.KinesisVideoStreamPoolConfiguration?.PoolId).toBe(first.KinesisVideoStreamPoolConfiguration?.PoolId);
  });
});

describe('what no SDK checks is refused', () => {
  test.each([
    ['an empty name', { PoolName: '' }],
    ['a name with a space', { PoolName: 'my pool' }],
    ['a name of 129 characters', { PoolName: 'x'.repeat(129) }],
    ['no region', { StreamConfiguration: { Region: undefined } }],
    ['a negative retention', { StreamConfiguration: { Region: 'eu-central-1', DataRetentionInHours: -1 } }],
    ['half an hour', { StreamConfiguration: { Region: 'eu-central-1', DataRetentionInHours: 0.5 } }],
  ])('%s', async (_what, wrong) => {
    await open();
    const good = { PoolName: 'calls', StreamConfiguration: { Region: 'eu-central-1' } };
    await expect(
      scene.clients.pipelines.send(new CreateMediaPipelineKinesisVideoStreamPoolCommand({ ...good, ...wrong })),
    ).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('an update to nothing, an empty identifier and an unknown pool', async () => {
    await open();
    await createPool(scene);
    await expect(update('calls', 0)).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(remove('')).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(read('nothing')).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
