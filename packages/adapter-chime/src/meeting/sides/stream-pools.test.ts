import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSidesScene, type SidesScene } from '../../testing/sides-scene.ts';
import { type ChimeStreamPools, type ChimeStreamPoolsOptions, chimeStreamPools } from './stream-pools.ts';

let scene: SidesScene;
let pools: ChimeStreamPools;
const name = 'onrecord-calls';
const spec = { name, retentionHours: 24 };

async function open(chime: Parameters<typeof openSidesScene>[0] = {}, more: Partial<ChimeStreamPoolsOptions> = {}) {
  pools?.close();
  await scene?.[Symbol.asyncDispose]();
  scene = await openSidesScene(chime);
  const client = { maxAttempts: 1 };
  pools = chimeStreamPools({ ...scene.chime.clientConfig(), clock: scene.clock, client, ...more });
}
beforeEach(() => open());
afterEach(async () => {
  pools.close();
  await scene[Symbol.asyncDispose]();
});
const requests = () => scene.requests(/StreamPool/).map((line) => line.replace('MediaPipelineKinesisVideoStream', ''));
const settle = <T>(work: Promise<T>) => scene.settle(work);

describe('a pool of streams', () => {
  test('CreateMediaPipelineKinesisVideoStreamPool is waited for until it is ACTIVE, by GetMediaPipelineKinesisVideoStreamPool', async () => {
    const pool = await settle(pools.create({ ...spec, tags: { team: 'red' } }));
    expect(pool).toEqual({
      name,
      id: expect.stringMatching(/^ChimeMediaPipelines-onrecord-calls-/),
      arn: `arn:aws:chime:us-east-1:111122223333:media-pipeline-kinesis-video-stream-pool/${name}`,
      status: 'ACTIVE',
      size: 40,
      region: 'us-east-1',
      retentionHours: 24,
    });
    const [{ body } = { body: undefined }] = scene.chime.requests();
    expect(body).toEqual({
      PoolName: name,
      StreamConfiguration: { Region: 'us-east-1', DataRetentionInHours: 24 },
      ClientRequestToken: expect.any(String),
      Tags: [{ Key: 'team', Value: 'red' }],
    });
    expect(requests().filter((line) => line === 'GetPool 200').length).toBeGreaterThan(1);
  });

  test('that is there already, and the same, is taken; another one is not', async () => {
    const first = await settle(pools.create(spec));
    expect(await settle(pools.create(spec))).toEqual(first);
    await expect(settle(pools.create({ ...spec, retentionHours: 48 }))).rejects.toMatchObject({
      code: 'already-exists',
    });
  });

  test('UpdateMediaPipelineKinesisVideoStreamPool changes its retention, and is waited for (chime:MediaPipelineKinesisVideoStreamPoolUpdated)', async () => {
    await settle(pools.create(spec));
    const pool = await settle(pools.update(name, { retentionHours: 72 }));
    expect(pool).toMatchObject({ status: 'ACTIVE', retentionHours: 72 });
    expect(requests()).toContain('UpdatePool 200');
  });

  test('ListMediaPipelineKinesisVideoStreamPools tells of ours, and of no other', async () => {
    await scene.pool('of-somebody-else');
    await settle(pools.create(spec));
    const listed: string[] = [];
    for await (const pool of pools.list()) listed.push(pool.name);
    expect(listed).toEqual([name]);
  });

  test('that fails to come is told (chime:MediaPipelineKinesisVideoStreamPoolPermanentFailure)', async () => {
    await open({ chime: { streams: { poolFailure: 'permanent' } } });
    await expect(settle(pools.create(spec))).rejects.toMatchObject({ code: 'unavailable', retry: 'never' });
  });

  test('that fails for a while is waited for (chime:MediaPipelineKinesisVideoStreamPoolTemporaryFailure)', async () => {
    await open({ chime: { streams: { poolFailure: 'temporary' } } });
    expect(await settle(pools.create(spec))).toMatchObject({ status: 'ACTIVE' });
  });

  test('that takes too long is given up with what to do', async () => {
    await open({ chime: { streams: { poolCreatingMs: 60_000 } } });
    await expect(settle(pools.create(spec, { withinMs: 10_000 }))).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining(`${name} is still CREATING after 10000 ms`),
    });
  });

  test('is looked at once when its event is heard (chime:MediaPipelineKinesisVideoStreamPoolActive), and an event is believed in nothing', async () => {
    await open({ chime: { streams: { poolCreatingMs: 12_500 } } });
    const heard: boolean[] = [];
    scene.chime.eventBridge.onEvent((event) => heard.push(pools.hear(event)));
    const before = scene.clock.now();
    const creating = pools.create(spec);
    await scene.pass(2_000);
    const arn = `arn:aws:chime:us-east-1:111122223333:media-pipeline-kinesis-video-stream-pool/${name}`;
    const forged = {
      'detail-type': 'Chime Media Pipeline Kinesis Video Pool State Change',
      detail: { eventType: 'chime:MediaPipelineKinesisVideoStreamPoolActive', poolArn: arn },
    };
    expect(pools.hear(forged)).toBe(true);
    await settle(creating);
    expect(scene.clock.now() - before).toBeLessThan(13_500);
    expect(heard).toContain(true);
    for (const strange of [undefined, {}, { 'detail-type': forged['detail-type'] }, 3]) {
      expect(pools.hear(strange)).toBe(false);
    }
  });
});

describe('deleting', () => {
  const remover = () => {
    const log: string[] = [];
    return {
      log,
      async *list(prefix: string) {
        log.push(`list ${prefix}`);
        for (const { name: stream, arn } of scene.chime.kinesisVideoStreams()) yield { name: stream, arn };
        yield { name: 'ChimeMediaPipelines-another-pool-0', arn: 'arn:another' };
        yield { name: `${prefix.slice(0, -2)}x`, arn: 'arn:similar' };
      },
      async remove(arn: string) {
        const gone = requests().at(-1) === 'GetPool 404';
        log.push(`${gone ? 'remove' : 'remove too early'} ${arn}`);
      },
    };
  };

  test('DeleteMediaPipelineKinesisVideoStreamPool waits for the end of the meetings that use the pool (chime:MediaPipelineKinesisVideoStreamPoolDeleted), and only then are its own streams removed', async () => {
    await settle(pools.create(spec));
    await scene.record({ streams: { pool: name, type: 'mixed' } });
    await scene.pass(5_000);
    const streams = remover();
    await expect(settle(pools.delete(name, { withinMs: 60_000, streams }))).rejects.toMatchObject({
      code: 'timeout',
      remedy: expect.stringContaining('A meeting still uses it'),
    });
    expect(streams.log).toEqual([]);
    const again = pools.delete(name, { streams });
    scene.meeting.end();
    const removed = await settle(again);
    const [stream] = scene.chime.kinesisVideoStreams();
    expect(removed).toEqual([stream?.arn]);
    expect(streams.log).toEqual([
      expect.stringMatching(/^list ChimeMediaPipelines-onrecord-calls-/),
      `remove ${stream?.arn}`,
    ]);
    expect(requests().filter((line) => line.startsWith('Delete'))).toEqual(['DeletePool 204']);
  });

  test('of a pool that is gone, or never was, is done', async () => {
    expect(await settle(pools.delete(name))).toEqual([]);
    await settle(pools.create(spec));
    await settle(pools.delete(name));
    expect(await settle(pools.delete(name))).toEqual([]);
    await expect(pools.get(name)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('touches nothing without our prefix, and sends nothing', async () => {
    await scene.pool('of-somebody-else');
    const before = scene.chime.requests().length;
    const streams = remover();
    for (const work of [
      () => pools.delete('of-somebody-else', { streams }),
      () => pools.update('of-somebody-else', { retentionHours: 1 }),
      () => pools.get('of-somebody-else'),
      () => pools.create({ name: 'of-somebody-else', retentionHours: 1 }),
    ]) {
      await expect(work()).rejects.toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining('Must begin with onrecord-'),
      });
    }
    expect(scene.chime.requests()).toHaveLength(before);
    expect(streams.log).toEqual([]);
  });

  test('of a pool that is being created is a conflict', async () => {
    await open({ chime: { streams: { poolCreatingMs: 60_000 } } });
    await expect(settle(pools.create(spec, { withinMs: 1 }))).rejects.toMatchObject({ code: 'timeout' });
    await expect(settle(pools.delete(name))).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('what is wrong is refused before it is sent, everything at once', () => {
  test('checkConfiguration says it by field and rule', () => {
    const wrong = { name: 'x', region: 'Mars', retentionHours: 0.5, tags: { 'aws:x': 'y' }, size: 3 };
    expect(
      pools.checkConfiguration(wrong as object as typeof spec).map(({ path, message }) => `${path}: ${message}`),
    ).toEqual([
      'size: There is no such option; there are name, region, retentionHours, tags.',
      'name: Must begin with onrecord-: no other pool is touched.',
      'region: Must be an AWS region, e.g. us-east-1.',
      'retentionHours: Must be a whole number of hours, at least 1.',
      'tags.aws:x: Keys that begin with aws: are reserved.',
    ]);
    expect(pools.checkConfiguration(spec)).toEqual([]);
  });

  test.each([
    ['no name', { name: '' }],
    ['a name of 129 characters', { name: `onrecord-${'x'.repeat(120)}` }],
    ['a name with a space', { name: 'onrecord-a b' }],
    ['a retention of 0', { retentionHours: 0 }],
    ['no retention', { retentionHours: undefined }],
    ['a retention in text', { retentionHours: '24' }],
  ])('%s', async (_what, wrong) => {
    await expect(pools.create({ ...spec, ...wrong } as object as typeof spec)).rejects.toMatchObject({
      code: 'invalid-request',
    });
    expect(requests()).toEqual([]);
  });

  test('a name of 128 characters is the longest', async () => {
    const longest = `onrecord-${'x'.repeat(119)}`;
    expect(await settle(pools.create({ ...spec, name: longest }))).toMatchObject({ name: longest });
  });

  test('options of the manager', () => {
    for (const wrong of [
      { region: 'x' },
      { region: 'us-east-1', prefix: '' },
      { region: 'us-east-1', prefix: 'a/b' },
    ]) {
      expect(() => chimeStreamPools(wrong)).toThrow(/is not configured/);
    }
  });
});
