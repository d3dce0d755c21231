import type { ErrorCode } from '@onrecord/core';
import { chimeErrorAnswer, type ErrorName } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { type MeetingScene, openMeetingScene } from '../../testing/meeting-scene.ts';

const audio = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;

const start = (scene: MeetingScene) => scene.settle(scene.recorder.start({ call: scene.call, output: audio, consent }));
const creations = (scene: MeetingScene) =>
  scene.chime.requests().filter(({ operation }) => operation === 'CreateMediaCapturePipeline');

describe('an answer to CreateMediaCapturePipeline', () => {
  test.each<[ErrorName, ErrorCode, string]>([
    ['BadRequest', 'invalid-request', 'caller'],
    ['Forbidden', 'permission-denied', 'caller'],
    ['UnauthorizedClient', 'unauthenticated', 'caller'],
  ])('of %s is %s, blames the %s and is not repeated', async (name, code, blame) => {
    await using scene = await openMeetingScene();
    scene.chime.faults.next({ match: 'CreateMediaCapturePipeline', fault: chimeErrorAnswer(name, 'No.') });
    await expect(start(scene)).rejects.toMatchObject({
      code,
      blame,
      retry: 'never',
      context: { requestId: expect.any(String), providerCode: `${name}Exception` },
    });
    expect(creations(scene)).toHaveLength(1);
  });

  test.each<[ErrorName]>([['ThrottledClient'], ['ServiceFailure'], ['ServiceUnavailable'], ['ResourceLimitExceeded']])(
    'of %s is waited out',
    async (name) => {
      await using scene = await openMeetingScene();
      scene.chime.faults.next({
        match: 'CreateMediaCapturePipeline',
        fault: chimeErrorAnswer(name, 'Later.'),
        times: 2,
      });
      const session = await start(scene);
      expect((await session.snapshot()).state).toBe('recording');
      expect(creations(scene).map(({ status }) => status)).toEqual([expect.any(Number), expect.any(Number), 201]);
      expect(scene.chime.pipelines()).toHaveLength(1);
    },
  );

  test('that is no JSON is a lost one: what it began is found', async () => {
    await using scene = await openMeetingScene();
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' };
    scene.chime.faults.next({ match: 'CreateMediaCapturePipeline', fault: page });
    const session = await start(scene);
    expect((await session.snapshot()).state).toBe('recording');
    expect(scene.chime.pipelines()).toHaveLength(1);
  });
});

describe('a capture', () => {
  test('whose bucket refuses a chunk has failed, and what was captured before is joined', async () => {
    await using scene = await openMeetingScene();
    scene.chime.deliveryFaults.next({ match: 'capture-chunk', fault: 'access-denied', skip: 2 });
    const session = await start(scene);
    await scene.pass(120_000);
    const snapshot = await session.snapshot();
    expect(snapshot.endReason).toBe('provider-error');
    expect(snapshot.parts[0]?.state).toBe('ended');
    const record = await scene.store.load(session.id);
    expect(record!.reports.flatMap(({ seen }) => seen.expects ?? [])).toHaveLength(1);
  });

  test('that the service repairs by itself goes on: chime:MediaPipelineTemporaryFailure, chime:MediaPipelineResumed', async () => {
    await using scene = await openMeetingScene({ chime: { pipelines: { temporaryFailure: true } } });
    const session = await start(scene);
    await scene.pass(20_000);
    expect((await session.snapshot()).state).toBe('recording');
    await scene.settle(session.stop());
    const { anomalies, endReason } = await session.snapshot();
    expect([anomalies, endReason]).toEqual([[], 'requested']);
  });
});
