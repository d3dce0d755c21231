import { toneLevel } from '@onrecord/core/media';
import { decodeMp4Audio } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { ANN_HZ, BOB_HZ, type MeetingScene, openMeetingScene } from '../testing/meeting-scene.ts';

const audio = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;

const start = (scene: MeetingScene) => scene.settle(scene.recorder.start({ call: scene.call, output: audio, consent }));
const operations = (scene: MeetingScene) =>
  scene.chime.requests().map(({ operation, status }) => `${operation} ${status}`);
const expected = async (scene: MeetingScene) => {
  const [id] = await scene.store.list();
  const record = await scene.store.load(id!);
  return record!.reports.flatMap(({ seen }) => seen.expects ?? []);
};

describe('a meeting', () => {
  test('is captured (CreateMediaCapturePipeline), stopped (DeleteMediaCapturePipeline) and concatenated; both voices are in the one file', async () => {
    await using scene = await openMeetingScene();
    const session = await start(scene);
    expect((await session.snapshot()).state).toBe('recording');
    await scene.pass(20_000);
    await scene.settle(session.stop());
    await scene.pass(30_000);
    const [file] = await expected(scene);
    const prefix = `s3://recordings/meetings/${session.id}/p1/concat/audio/`;
    expect(file).toMatchObject({ uri: expect.stringContaining(prefix), role: 'master', container: 'mp4' });
    expect(file?.tracks).toEqual([{ from: 'everyone', relativeTo: scene.call.key, offsetMs: 0, prompts: 'unknown' }]);
    const object = scene.s3.get('recordings', file!.uri!.replace('s3://recordings/', ''));
    const { channels, sampleRate } = await decodeMp4Audio(object!.bytes);
    expect(toneLevel(channels[0]!, sampleRate, ANN_HZ)).toBeGreaterThan(-30);
    expect(toneLevel(channels[0]!, sampleRate, BOB_HZ)).toBeGreaterThan(-30);
    expect((await session.snapshot()).endReason).toBe('requested');
    expect(operations(scene).filter((line) => line.startsWith('Create'))).toEqual([
      'CreateMediaCapturePipeline 201',
      'CreateMediaConcatenationPipeline 201',
    ]);
  });

  test.each(['active-speaker', 'composited'] as const)('with video (%s) is one file of both', async (video) => {
    await using scene = await openMeetingScene({ driver: { video } });
    const output = { ...audio, media: 'audio-video' } as const;
    const session = await scene.settle(scene.recorder.start({ call: scene.call, output, consent }));
    await scene.pass(20_000);
    await scene.settle(session.stop());
    await scene.pass(30_000);
    const [file] = await expected(scene);
    const object = scene.s3.get('recordings', file!.uri!.replace('s3://recordings/', ''));
    expect(Buffer.from(object!.bytes).includes('avc1')).toBe(true);
    const { channels, sampleRate } = await decodeMp4Audio(object!.bytes);
    expect(toneLevel(channels[0]!, sampleRate, ANN_HZ)).toBeGreaterThan(-30);
  });

  test('works without any event: what is asked for (GetMediaPipeline) proves start, stop and the file', async () => {
    await using scene = await openMeetingScene({ events: false });
    const session = await start(scene);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect(await expected(scene)).toHaveLength(1);
  });

  test('was stopped on request although it ended while its pipeline was stopping', async () => {
    await using scene = await openMeetingScene({
      chime: { pipelines: { stoppingMs: 10_000 }, events: { deliveryDelayMs: 5_000 } },
    });
    const session = await start(scene);
    await scene.pass(5_000);
    await scene.settle(session.stop());
    scene.meeting.end();
    await scene.pass(60_000);
    expect((await session.snapshot()).endReason).toBe('requested');
  });

  test.each(['stopped', 'not-found'] as const)('a pipeline that is over may be told as %s', async (afterStop) => {
    await using scene = await openMeetingScene({ events: false, chime: { pipelines: { afterStop } } });
    const session = await start(scene);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    expect((await session.snapshot()).endReason).toBe('requested');
    expect(await expected(scene)).toHaveLength(1);
  });

  test('a pause ends one part and proves that nothing is captured, resume begins another; each gets its file', async () => {
    await using scene = await openMeetingScene();
    const session = await start(scene);
    await scene.pass(10_000);
    await scene.settle(session.pause());
    const snapshot = await session.snapshot();
    expect([snapshot.state, snapshot.parts[0]?.state]).toEqual(['paused', 'ended']);
    await scene.pass(10_000);
    await scene.settle(session.resume());
    await scene.pass(10_000);
    await scene.settle(session.stop());
    await scene.pass(30_000);
    const files = await expected(scene);
    expect(files.map(({ uri }) => uri?.split('/').at(5))).toEqual(['p1', 'p2']);
  });

  test('a resume while the old pipeline still counts is repeated until the limit lets it', async () => {
    await using scene = await openMeetingScene({ chime: { pipelines: { stoppingCounts: true, stoppingMs: 6_000 } } });
    const session = await start(scene);
    scene.chime.faults.next({
      match: 'CreateMediaCapturePipeline',
      fault: {
        status: 400,
        headers: { 'x-amzn-errortype': 'ResourceLimitExceededException', 'content-type': 'application/json' },
        body: JSON.stringify({ Code: 'ResourceLimitExceeded', Message: 'Limit reached' }),
      },
      times: 3,
    });
    await scene.settle(session.pause());
    await scene.settle(session.resume());
    expect((await session.snapshot()).state).toBe('recording');
    expect(operations(scene).filter((line) => line === 'CreateMediaCapturePipeline 400')).toHaveLength(3);
  });

  test('that ends during a pause is over: nothing could be resumed', async () => {
    await using scene = await openMeetingScene();
    const session = await start(scene);
    await scene.pass(10_000);
    await scene.settle(session.pause());
    scene.meeting.end();
    await scene.pass(90_000);
    expect(await session.snapshot()).toMatchObject({ state: 'processing', endReason: 'call-ended' });
  });

  test('that ends takes its capture with it, and GetMeeting says that it did', async () => {
    await using scene = await openMeetingScene();
    const session = await start(scene);
    await scene.pass(10_000);
    scene.meeting.end(true);
    await scene.pass(90_000);
    expect((await session.snapshot()).endReason).toBe('call-ended');
    expect(await expected(scene)).toHaveLength(1);
  });
});

describe('faults', () => {
  test('an answer that is lost after the start: the pipeline is found by its sink (ListMediaCapturePipelines, GetMediaCapturePipeline)', async () => {
    await using scene = await openMeetingScene();
    scene.chime.faults.next({ match: 'CreateMediaCapturePipeline', fault: 'drop-before-answer' });
    const session = await start(scene);
    expect((await session.snapshot()).state).toBe('recording');
    expect(operations(scene)).toContain('GetMediaCapturePipeline 200');
    expect(operations(scene).filter((line) => line.startsWith('CreateMediaCapturePipeline'))).toHaveLength(1);
  });

  test('an event that comes before the answer waits for it, and then proves the start', async () => {
    await using scene = await openMeetingScene({ chime: { pipelines: { initializingMs: 0 } } });
    const later = {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"MediaCapturePipelines":[]}',
    };
    scene.chime.faults.next({ match: 'CreateMediaCapturePipeline', fault: 'drop-before-answer' });
    scene.chime.faults.next({ match: 'ListMediaCapturePipelines', fault: later });
    const broken = { status: 500, headers: { 'x-amzn-errortype': 'ServiceFailureException' }, body: '{}' };
    scene.chime.faults.next({ match: 'GetMediaPipeline', fault: broken, times: 100 });
    const session = await start(scene);
    const record = await scene.store.load(session.id);
    const proof = record!.reports.filter(({ seen }) => seen.capturing === true);
    expect(proof.map(({ via }) => via)).toEqual(['push']);
    expect((await session.snapshot()).state).toBe('recording');
  });

  test.each(['lost', 'duplicated', 'reversed'] as const)('events that are %s change nothing', async (fault) => {
    await using scene = await openMeetingScene();
    scene.chime.eventBridge.faults.next({
      match: (event) => event['detail-type'].includes('Pipeline'),
      fault,
      times: 10,
    });
    const session = await start(scene);
    await scene.pass(10_000);
    await scene.settle(session.stop());
    await scene.pass(60_000);
    const snapshot = await session.snapshot();
    expect(snapshot).toMatchObject({ endReason: 'requested', anomalies: [] });
    expect(await expected(scene)).toHaveLength(1);
  });

  test('a bucket that does not admit the service is refused at the start, and says what to do', async () => {
    await using scene = await openMeetingScene({ chime: { bucketPolicy: () => false } });
    await expect(start(scene)).rejects.toMatchObject({
      code: 'permission-denied',
      blame: 'destination',
      message: expect.stringContaining('mediapipelines.chime.amazonaws.com'),
    });
  });

  test('throttling is waited out', async () => {
    await using scene = await openMeetingScene();
    scene.chime.faults.next({
      match: 'CreateMediaCapturePipeline',
      fault: {
        status: 429,
        headers: { 'x-amzn-errortype': 'ThrottledClientException', 'retry-after': '2' },
        body: '{}',
      },
    });
    const before = scene.clock.now();
    await start(scene);
    expect(scene.clock.now() - before).toBeGreaterThanOrEqual(2_000);
  });

  test('a concatenation that fails is made anew', async () => {
    await using scene = await openMeetingScene();
    const session = await start(scene);
    await scene.pass(10_000);
    scene.chime.deliveryFaults.next({ match: 'concatenation', fault: 'access-denied' });
    await scene.settle(session.stop());
    await scene.pass(120_000);
    expect(operations(scene).filter((line) => line.startsWith('CreateMediaConcatenation'))).toHaveLength(2);
    expect(await expected(scene)).toHaveLength(1);
  });
});
