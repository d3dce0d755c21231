import { createRecorder, createWorker, type InboundRequest, type Json, type Session } from '@onrecord/core';
import type { ObjectCreated as Stored } from '@onrecord/simulator';
import { s3 } from '@onrecord/storage/s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chimeSma } from '../control/driver.ts';
import { announceThenRecord, openSmaScene, type SceneOptions, type SmaScene } from '../testing/sma-scene.ts';

const secret = 'sixteen characters';
const notification = ({ bucket, key, etag, size, sequencer, at, event }: Stored, more: object = {}) => ({
  Records: [
    {
      eventSource: 'aws:s3',
      eventName: event,
      eventTime: new Date(at).toISOString(),
      awsRegion: 'us-east-1',
      s3: {
        bucket: { name: bucket },
        object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size, eTag: etag, sequencer, ...more },
      },
    },
  ],
});
const bridged = ({ bucket, key, etag, size, sequencer, at }: Stored) => ({
  source: 'aws.s3',
  'detail-type': 'Object Created',
  account: '111122223333',
  region: 'us-east-1',
  time: new Date(at).toISOString(),
  detail: { bucket: { name: bucket }, object: { key, size, etag, sequencer } },
});

/** A call that was recorded by the function, and a recorder of another process that bucket messages go to. */
async function recordedCall(options: SceneOptions = {}) {
  const scene = await openSmaScene({ onCall: announceThenRecord, ...options });
  const stored: Stored[] = [];
  scene.s3.onObjectCreated((created) => stored.push(created));
  const driver = chimeSma({
    ...scene.chime.clientConfig(),
    bucket: 'recordings',
    prefix: 'calls',
    events: { secret },
  });
  const recorder = createRecorder(driver, {
    store: scene.store,
    deployment: 'test',
    clock: scene.clock,
    worker: false,
  });
  const call = scene.dial();
  await scene.pass(60_000);
  call.hangUp();
  await scene.pass(20_000);
  const [id] = await scene.store.list();
  const tell = (message: unknown, headers: Record<string, string> = { 'x-onrecord-key': secret }) =>
    recorder.ingest(new Request('https://hooks.test/', { method: 'POST', headers, body: JSON.stringify(message) }));
  return { scene, driver, recorder, stored, tell, session: await recorder.attach(id!) };
}

type Recorded = Awaited<ReturnType<typeof recordedCall>>;
let recorded: Recorded;
beforeEach(async () => {
  recorded = await recordedCall();
});
afterEach(() => recorded.scene[Symbol.asyncDispose]());

const artifactOf = async (session: Pick<Session, 'snapshot'>) => (await session.snapshot()).artifacts[0];
const parse = ({ driver, scene }: { driver: Recorded['driver']; scene: SmaScene }, message: Json, more: object = {}) =>
  driver.parse(
    { transport: 'queue', headers: {}, body: Buffer.from(JSON.stringify(message)), ...more } satisfies InboundRequest,
    { signal: new AbortController().signal, clock: scene.clock },
  );

describe('a recording that its bucket tells of', () => {
  for (const [name, shape] of Object.entries({ 'an S3 notification': notification, 'Object Created': bridged })) {
    test(`by ${name} is available, with its size`, async () => {
      const { stored, tell, session } = recorded;
      expect(await artifactOf(session)).toMatchObject({ state: 'pending' });
      expect((await tell(shape(stored[0]!))).status).toBe(200);
      expect(await artifactOf(session)).toMatchObject({
        state: 'available',
        location: `s3://recordings/${stored[0]!.key}`,
        bytes: stored[0]!.size,
        container: 'wav',
        tracks: [{ channel: 0 }, { channel: 1 }],
      });
      expect(await session.snapshot()).toMatchObject({ state: 'completed', verdict: 'present' });
    });
  }

  test('twice, in both shapes and wrapped in SNS and SQS, is one', async () => {
    const { scene, stored, tell, session } = recorded;
    const wrapped = {
      Records: [{ eventSource: 'aws:sqs', body: JSON.stringify({ Message: JSON.stringify(bridged(stored[0]!)) }) }],
    };
    for (const message of [notification(stored[0]!), wrapped, notification(stored[0]!)]) {
      expect((await tell(message)).status).toBe(200);
    }
    const [record] = await scene.records();
    expect(record?.reports.filter(({ reportId }) => reportId.startsWith('s3/'))).toHaveLength(1);
    expect((await session.snapshot()).artifacts).toHaveLength(1);
  });

  test('before the report of its start has come finds its session by the key', async () => {
    const { scene, stored, driver } = recorded;
    const own = await scene.records();
    const parsed = await parse({ driver, scene }, bridged(stored[0]!));
    expect(parsed.reports[0]?.subject).toEqual({ correlation: `${own[0]!.id}.p1` });
  });

  test('at a destination of no session is looked for by its leg', async () => {
    const { stored } = recorded;
    const key = stored[0]!.key.replace(/calls\/[^/]+/, 'calls/by_hand');
    const parsed = await parse(recorded, bridged({ ...stored[0]!, key }));
    const [record] = await recorded.scene.records();
    expect(parsed.reports[0]?.subject).toEqual({ providerKey: record?.call.key });
  });

  test('as a message of RecordAudio is found by the session id that its key begins with', async () => {
    const { session, stored } = recorded;
    for (const rest of ['.wav', '/2026/03/01/a.wav', '_2026-03-01-10-00-00-123.wav']) {
      const parsed = await parse(recorded, bridged({ ...stored[0]!, key: `calls/${session.id}${rest}` }));
      expect(parsed).toMatchObject({ reports: [{ subject: { correlation: `${session.id}.p1` } }], unhandled: 0 });
    }
    for (const key of [`calls/${session.id}0.wav`, `calls/a/${session.id}.wav`, `calls/${session.id}/a.txt`]) {
      expect(await parse(recorded, bridged({ ...stored[0]!, key }))).toMatchObject({ reports: [], unhandled: 1 });
    }
  });

  test('as an empty object has no file', async () => {
    const { stored, tell, session } = recorded;
    await tell(bridged({ ...stored[0]!, size: 0 }));
    expect(await artifactOf(session)).toMatchObject({ state: 'pending' });
  });

  test('keeps its etag and version for whoever looks later', async () => {
    const { scene, stored, tell } = recorded;
    await tell(notification(stored[0]!, { versionId: 'v1' }));
    const [record] = await scene.records();
    expect(record?.parts[0]?.facts).toMatchObject({
      [`delivery/${stored[0]!.sequencer}`]: { etag: stored[0]!.etag.replaceAll('"', ''), versionId: 'v1' },
    });
  });
});

describe('a message of a bucket', () => {
  test('that a queue was handed needs no secret, since the policy of the queue says who may send', async () => {
    const { recorder, stored, session } = recorded;
    const Records = [{ eventSource: 'aws:sqs', body: JSON.stringify(notification(stored[0]!)) }];
    const body = JSON.stringify({ Records });
    const request = new Request('https://queue.test/', { method: 'POST', body });
    expect((await recorder.ingest(request, { transport: 'queue' })).status).toBe(200);
    expect(await artifactOf(session)).toMatchObject({ state: 'available' });
  });

  test('that comes over HTTP without the secret changes nothing', async () => {
    const { stored, tell, session } = recorded;
    expect((await tell(bridged(stored[0]!), {})).status).toBe(401);
    expect((await tell(bridged(stored[0]!), { 'x-onrecord-key': 'a wrong secret here' })).status).toBe(401);
    expect(await artifactOf(session)).toMatchObject({ state: 'pending' });
  });

  test.each([
    ['another bucket', { bucket: 'others' }],
    ['another prefix', { key: 'other/2026/03/01/2026-03-01-10-00-00-123_t_c.wav' }],
    ['a prefix that only begins alike', { key: 'calls-of-others/2026/03/01/2026-03-01-10-00-00-123_t_c.wav' }],
    ['a key that leads elsewhere', { key: 'calls/../other/2026/03/01/2026-03-01-10-00-00-123_t_c.wav' }],
    ['an empty segment', { key: 'calls//2026/03/01/2026-03-01-10-00-00-123_t_c.wav' }],
    ['a key that is none of a call recording', { key: 'calls/message.wav' }],
  ])('about %s is counted and not believed', async (_, more) => {
    const parsed = await parse(recorded, bridged({ ...recorded.stored[0]!, ...more }));
    expect(parsed).toEqual({ reports: [], calls: [], unhandled: 1 });
  });

  test('is not believed by a driver without a landing place', async () => {
    const { scene, stored } = recorded;
    const driver = chimeSma(scene.chime.clientConfig());
    expect(await parse({ driver, scene }, bridged(stored[0]!))).toMatchObject({ reports: [], unhandled: 1 });
  });

  test('that S3 sends when notifications are set up (s3:TestEvent) is answered and changes nothing', async () => {
    const { tell, session } = recorded;
    const hello = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'recordings' };
    expect((await tell(hello)).status).toBe(200);
    expect(await artifactOf(session)).toMatchObject({ state: 'pending' });
  });

  test('that is none is refused', async () => {
    expect((await recorded.tell('nonsense')).status).toBe(400);
  });
});

test('a landing place that cannot be is told with the other problems of the options', () => {
  const wrong = { region: 'us-east-1', bucket: 's3://a', prefix: '/x', events: {} };
  expect(() => chimeSma(wrong as never)).toThrow(/bucket: [\s\S]*prefix: [\s\S]*events\.secret: Missing/);
});

describe('a recording whose metadata tell how long it lasts', () => {
  /** A worker that leaves files where they landed, looking for some minutes. */
  async function work({ scene, driver }: Recorded, ms: number = 300_000) {
    const landed = s3({ bucket: 'recordings', client: scene.s3.clientConfig() });
    const instances = { 'chime-sma': { driver, landing: landed } };
    const worker = createWorker({ store: scene.store, instances, clock: scene.clock });
    for (let passed = 0; passed < ms; passed += 5_000) {
      await scene.clock.hold(worker.tick());
      await scene.clock.advance(5_000);
    }
    await landed.close();
  }

  test('is found at its place without any message, and as long as it must be', async () => {
    const { session } = recorded;
    await work(recorded);
    const { state, verdict, artifacts } = await session.snapshot();
    expect({ state, verdict }).toEqual({ state: 'completed', verdict: 'present' });
    expect(artifacts[0]?.durationMs).toBeGreaterThan(50_000);
  });

  test.each(['told', 'found'])('by recording-duration is short, when it is (%s)', async (how) => {
    const { scene, stored, tell, session } = recorded;
    const { key } = stored[0]!;
    const metadata = { ...scene.s3.get('recordings', key)?.metadata, 'recording-duration': '20' };
    scene.s3.put('recordings', key, scene.s3.get('recordings', key)!.bytes, { metadata });
    if (how === 'told') {
      await tell(notification(stored[1]!));
      expect(await session.snapshot()).toMatchObject({ state: 'completed', verdict: 'present' });
    }
    await work(recorded);
    expect(await session.snapshot()).toMatchObject({
      state: 'completed',
      verdict: 'short',
      anomalies: [{ code: 'duration-mismatch', message: expect.stringContaining('20000 ms') }],
      artifacts: [{ durationMs: 20_000, mediaType: 'audio/wav' }],
    });
  });

  test('that is written again keeps what the last write said, whichever message comes last', async () => {
    const { scene, stored, tell, session } = recorded;
    scene.s3.put('recordings', stored[0]!.key, Buffer.from('RIFF, and more'));
    await tell(bridged(stored[1]!));
    await tell(notification(stored[0]!));
    expect(await artifactOf(session)).toMatchObject({ bytes: 14 });
  });
});
