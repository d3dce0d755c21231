import { describe, expect, test } from 'vitest';
import { changedStarts, type ServiceAnswer, withoutRecordingId } from './testing/changed-answers.ts';
import { connected, openRecorder, refusal } from './testing/recorder-scene.ts';
import { rejection, watch } from './testing/scene.ts';

describe('start once', () => {
  test('a lost answer is made good by the token', async () => {
    await using opened = await openRecorder();
    const { scene, recorder } = opened;
    const { ref } = await connected(scene);
    scene.azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer' });
    const session = await scene.clock.until(recorder.start({ call: ref }));
    expect((await session.snapshot()).state).toBe('recording');
    expect(scene.requests('StartRecording')).toHaveLength(2);
    await scene.clock.until(session.stop());
  });

  test('a recording that the token cannot find is ours all the same, and its callback brings it back', async () => {
    await using opened = await openRecorder();
    const { scene, recorder } = opened;
    const { ref } = await connected(scene);
    const body = JSON.stringify({ error: { code: '8559', message: 'Duplicate start recording request.' } });
    const duplicate = { status: 400, headers: { 'content-type': 'application/json' }, body };
    scene.azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer' });
    scene.azure.faults.next({ match: 'StartRecording', fault: duplicate });
    const session = await scene.clock.until(recorder.start({ call: ref }));
    expect((await session.snapshot()).state).toBe('recording');
    await scene.clock.until(session.stop());
    const settled = await scene.clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present' });
  });

  test('StartRecordingFailed after its acceptance (202) fails the session', async () => {
    await using opened = await openRecorder();
    const { scene, recorder } = opened;
    const { ref } = await connected(scene);
    scene.azure.failNextStart({ code: 403, subCode: 7504, message: 'Insufficient application permissions.' });
    const error = await rejection(scene.clock.until(recorder.start({ call: ref })));
    expect(error).toMatchObject({ code: 'permission-denied' });
  });
});

describe('another process', () => {
  test('repeats the start byte for byte, with the same Repeatability-Request-ID and Repeatability-First-Sent, and gets the first answer', async () => {
    await using opened = await openRecorder();
    const { scene } = opened;
    const { call, ref } = await connected(scene);
    const seen = watch(scene);
    scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost' });
    scene.azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer', times: 2 });
    void opened.recorder.start({ call: ref }).catch(() => undefined);
    await scene.clock.advance(100);
    const [id = ''] = await opened.store.list();
    opened.crash();
    const session = await opened.recorder.attach(id);
    await scene.clock.advance(60_000);
    expect(await session.snapshot()).toMatchObject({ state: 'recording', anomalies: [] });
    const starts = seen.filter(({ operation }) => operation === 'StartRecording');
    const bytes = starts.map(({ headers }) => [
      headers['repeatability-request-id'],
      headers['repeatability-first-sent'],
      headers['x-ms-content-sha256'],
    ]);
    expect(starts.length).toBeGreaterThan(2);
    expect(new Set(bytes.map((line) => line.join(' '))).size).toBe(1);
    expect(scene.azure.recordingIds()).toHaveLength(1);
    call.end();
    expect(await scene.clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'present' });
  });

  test.each(['8553', '8559'])(
    'that is answered %s to a repeated start adopts the recording by its callback',
    async (code) => {
      await using opened = await openRecorder();
      const { scene } = opened;
      const { call, ref } = await connected(scene);
      scene.azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer' });
      scene.azure.faults.next({ match: 'StartRecording', fault: refusal(400, code), times: 20 });
      void opened.recorder.start({ call: ref }).catch(() => undefined);
      await scene.clock.advance(100);
      const [id = ''] = await opened.store.list();
      opened.crash();
      const session = await opened.recorder.attach(id);
      await scene.clock.advance(60_000);
      expect(await session.snapshot()).toMatchObject({ state: 'recording', anomalies: [] });
      await scene.clock.until(session.pause());
      call.end();
      await scene.clock.until(session.settled());
    },
  );
});

test('a start whose answer and callback are both lost for good is an alarm, and never believed to be nothing', async () => {
  await using opened = await openRecorder();
  const { scene } = opened;
  const { call, ref } = await connected(scene);
  scene.azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer', times: 1_000 });
  scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost', times: 1_000 });
  await rejection(scene.clock.until(opened.recorder.start({ call: ref })));
  const [id = ''] = await opened.store.list();
  const session = await opened.recorder.attach(id);
  expect(await session.snapshot()).toMatchObject({
    state: 'starting',
    anomalies: [{ code: 'capturing-uncontrolled' }],
  });
  call.end();
});

test.each([
  ['8501', 400],
  ['8522', 404],
  ['8528', 400],
  ['8543', 404],
])(
  '%s to a start that is repeated after its call has ended refuses no recording that began and ended',
  async (code, status) => {
    await using opened = await openRecorder();
    const { scene } = opened;
    const { call, ref } = await connected(scene);
    scene.azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer' });
    scene.azure.faults.next({ match: 'StartRecording', fault: refusal(status, code), times: 1_000 });
    const starting = opened.recorder.start({ call: ref });
    await scene.clock.advance(3_000);
    call.end();
    const session = await scene.clock.until(starting);
    const settled = await scene.clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
  },
);

test.each(['8553', '8559'] as const)(
  '%s to our first request is somebody else’s recording, with advice',
  async (code) => {
    await using opened = await openRecorder({ resource: { behaviour: { duplicateStart: code } } });
    const { scene } = opened;
    const { call, ref } = await connected(scene);
    const { recording } = scene.driver.native();
    await recording.start({ callLocator: { kind: 'serverCallLocator', id: call.serverCallId } });
    const error = await rejection(scene.clock.until(opened.recorder.start({ call: ref })));
    expect(error).toMatchObject({
      code: 'conflict',
      retry: 'exhausted',
      remedy: expect.stringContaining('by something else than this session'),
      context: { providerCode: code },
    });
    expect(scene.requests('StartRecording')).toHaveLength(2);
    const [id = ''] = await opened.store.list();
    expect((await opened.store.load(id))?.snapshot.state).toBe('failed');
  },
);

describe('a callback that overtakes the answer', () => {
  /** Holds back the answers to starts until they are let through. */
  async function held() {
    let letThrough = () => {};
    const gate = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const late = async (answer: ServiceAnswer) => {
      await gate;
      return answer;
    };
    const opened = await openRecorder({}, (scene) => changedStarts(scene, late));
    return { opened, letThrough };
  }

  test('StartRecordingFailed fails the session, and the 202 that follows changes nothing', async () => {
    const { opened, letThrough } = await held();
    await using _ = opened;
    const { scene } = opened;
    const { ref } = await connected(scene);
    scene.azure.failNextStart({ code: 403, subCode: 7504, message: 'Insufficient application permissions.' });
    const work = rejection(opened.recorder.start({ call: ref }));
    await scene.clock.advance(5_000);
    letThrough();
    expect(await scene.clock.until(work)).toMatchObject({ code: 'permission-denied' });
    const [id = ''] = await opened.store.list();
    expect(await (await opened.recorder.attach(id)).snapshot()).toMatchObject({
      state: 'failed',
      endReason: 'permission-denied',
      anomalies: [],
    });
  });

  test('RecordingStateChanged makes it a recording, and the 200 that follows changes nothing', async () => {
    const { opened, letThrough } = await held();
    await using _ = opened;
    const { scene } = opened;
    const { call, ref } = await connected(scene);
    const work = opened.recorder.start({ call: ref });
    await scene.clock.advance(5_000);
    const [id = ''] = await opened.store.list();
    expect((await opened.store.load(id))?.snapshot).toMatchObject({ state: 'recording' });
    letThrough();
    const session = await scene.clock.until(work);
    expect(await session.snapshot()).toMatchObject({ state: 'recording', anomalies: [] });
    call.end();
    await scene.clock.until(session.settled());
  });
});

describe('an answer without recordingId (Teams Phone)', () => {
  const open = () => openRecorder({}, (scene) => changedStarts(scene, withoutRecordingId));

  test('is made good by the callback', async () => {
    await using opened = await open();
    const { scene } = opened;
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(opened.recorder.start({ call: ref }));
    await scene.clock.until(session.pause());
    await scene.clock.until(session.resume());
    await scene.clock.until(session.stop());
    call.end();
    expect(await scene.clock.until(session.settled())).toMatchObject({ state: 'completed', verdict: 'present' });
    expect(scene.requests('StartRecording')).toHaveLength(1);
  });

  test.each(['pause', 'stop'] as const)('loses no %s that was asked for before the callback', async (verb) => {
    await using opened = await open();
    const { scene } = opened;
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(opened.recorder.start({ call: ref }, { until: 'accepted' }));
    const asked = session[verb]();
    await scene.clock.advance(500);
    expect(scene.requests(verb === 'pause' ? 'PauseRecording' : 'StopRecording')).toEqual([]);
    await scene.clock.until(asked);
    expect((await session.snapshot()).state).toBe(verb === 'pause' ? 'paused' : 'processing');
    call.end();
    await scene.clock.until(session.settled());
  });

  test('loses no stop that another process takes over', async () => {
    await using opened = await open();
    const { scene } = opened;
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(opened.recorder.start({ call: ref }, { until: 'accepted' }));
    void session.stop({ until: 'accepted' }).catch(() => undefined);
    await scene.clock.advance(500);
    expect(scene.requests('StopRecording')).toEqual([]);
    opened.crash();
    const again = await opened.recorder.attach(session.id);
    await scene.clock.advance(60_000);
    const { state, commands } = await again.snapshot();
    expect(commands.at(-1)).toMatchObject({ kind: 'stop', state: 'confirmed' });
    expect(state).toBe('processing');
    call.end();
    await scene.clock.until(again.settled());
  });

  test('whose callback is lost is told as a stop that may not have happened', async () => {
    await using opened = await open();
    const { scene } = opened;
    const { call, ref } = await connected(scene);
    scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost', times: 100 });
    const session = await scene.clock.until(opened.recorder.start({ call: ref }, { until: 'accepted' }));
    const error = await rejection(scene.clock.until(session.stop()));
    expect(error).toMatchObject({ code: 'timeout', message: expect.stringContaining('recordingId is not known yet') });
    const { state, anomalies } = await session.snapshot();
    expect(['starting', 'stopping']).toContain(state);
    expect(anomalies.map(({ code }) => code)).toContain('command-timed-out');
    call.end();
  });
});
