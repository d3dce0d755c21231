import { createRecorder, defineFlow, OnRecordError, type RecordingEvent, timestamp } from '@onrecord/core';
import { readWav, toneLevel } from '@onrecord/core/media';
import { describe, expect, test } from 'vitest';
import { azureServerCall } from './call-ref.ts';
import { collect, openScene, rejection, type Scene, type SceneOptions, separateWav } from './testing/scene.ts';

/** A recorder on the scene's driver, with the scene's webhooks, and no archive: files stay at the service. */
async function openRecorder(options: SceneOptions = {}) {
  const scene = await openScene(options);
  await scene.azure.subscribe({ url: scene.gridUrl });
  const errors: unknown[] = [];
  const events: RecordingEvent[] = [];
  const recorder = createRecorder(scene.driver, {
    clock: scene.clock,
    handlers: { any: (event) => void events.push(event) },
    ingest: { publicUrl: scene.origin, onError: (error) => errors.push(error) },
  });
  scene.handTo((request) => recorder.ingest(request));
  return {
    scene,
    recorder,
    errors,
    /** What was published, without prefix and version. */
    published: () => events.map(({ type }) => type.slice('dev.onrecord.'.length, -'.v1'.length)),
    async [Symbol.asyncDispose]() {
      await recorder.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}

/** The next call of the scene, connected. */
async function connected(scene: Scene) {
  const call = scene.place();
  await scene.clock.advance(1_000);
  return { call, ref: azureServerCall(call.ids()) };
}

test('one workflow: notice, recording with consent, card number, file', async () => {
  await using opened = await openRecorder();
  const { scene, recorder, errors } = opened;
  const { clock } = scene;
  const sessionIds: string[] = [];
  const ends: string[] = [];
  recorder.serve(
    defineFlow(
      { outputs: [separateWav], pause: 'required', announce: 'required' },
      {
        onCall(notice, turn) {
          if (notice.type === 'call.connected') turn.announce({ text: 'This call is recorded.' });
          if (notice.type === 'call.ended') ends.push(notice.call.key);
          if (notice.type === 'call.announced') {
            sessionIds.push(turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } }));
          }
        },
      },
    ),
  );
  const { call } = await connected(scene);
  await clock.advance(10_000);
  expect(sessionIds).toHaveLength(1);
  const session = await recorder.attach(sessionIds[0] ?? '');
  expect((await session.snapshot()).state).toBe('recording');

  const card = session.secureSection(
    async () => {
      const paused = (await session.snapshot()).state;
      await clock.delay(4_000);
      return paused;
    },
    { maxMs: 60_000 },
  );
  expect(await clock.until(card)).toBe('paused');
  await clock.advance(5_000);
  await clock.until(session.stop());
  call.end();
  await clock.until(session.settled());
  // Without an archive a session is settled once its file is there; what the metadata tells comes just after.
  await clock.advance(5_000);
  const settled = await session.snapshot();

  expect(settled).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present', anomalies: [] });
  expect(settled.pauses).toMatchObject([{ precision: 'provider', effect: 'omitted' }]);
  expect(settled.commands.map(({ kind, state }) => [kind, state])).toEqual([
    ['start', 'confirmed'],
    ['pause', 'confirmed'],
    ['resume', 'confirmed'],
    ['stop', 'confirmed'],
  ]);
  const master = settled.artifacts.find(({ role }) => role === 'master');
  expect(master?.tracks.map(({ channel, from }) => [channel, from])).toEqual([
    [0, 'participant'],
    [1, 'everyone-else'],
  ]);
  expect(ends).toEqual([call.callConnectionId]);
  expect(errors).toEqual([]);

  const { body } = await scene.driver.doOpenArtifact(master!, {}, scene.context);
  const wav = readWav(await collect(body));
  const told = (await session.record()).reports.filter(
    ({ via, seen }) => via === 'push' && seen.capturing !== undefined,
  );
  const [began, paused, resumed, ceased] = told.map(({ clock: { at } }) => Date.parse(at ?? ''));
  const recordedMs = ceased! - resumed! + (paused! - began!);
  expect(Math.abs(wav.durationMs - recordedMs)).toBeLessThanOrEqual(50);
  expect(settled.pauses).toMatchObject([
    { from: new Date(paused!).toISOString(), to: new Date(resumed!).toISOString() },
  ]);
  expect(toneLevel(wav.channels[0]!, wav.sampleRate, 440)).toBeGreaterThan(-20);
  expect(toneLevel(wav.channels[0]!, wav.sampleRate, 1000)).toBeLessThan(-60);
});

test('a call that ends by itself ends its recording', async () => {
  await using opened = await openRecorder();
  const { scene, recorder } = opened;
  const { call, ref } = await connected(scene);
  const session = await scene.clock.until(recorder.start({ call: ref }));
  await scene.clock.advance(10_000);
  call.end();
  const settled = await scene.clock.until(session.settled());
  expect(settled).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
});

describe('capture that ceases without a command of ours', () => {
  const about = (names: readonly string[]) => names.filter((name) => /paused|resumed|anomaly/.test(name));

  test('is no pause when the call is over: the end is known at once, and nothing else was said', async () => {
    await using opened = await openRecorder();
    const { scene, recorder, published } = opened;
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(recorder.start({ call: ref }));
    await scene.clock.advance(10_000);
    const endedAt = timestamp(scene.clock.now());
    call.end();
    await scene.clock.advance(500);
    expect((await session.snapshot()).parts).toMatchObject([{ state: 'ended', endedAt }]);
    const settled = await scene.clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'call-ended', pauses: [], anomalies: [] });
    expect(about(published())).toEqual([]);
  });

  test('is no pause when the service cannot be asked', async () => {
    await using opened = await openRecorder();
    const { scene, recorder, published } = opened;
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(recorder.start({ call: ref }));
    await scene.clock.advance(10_000);
    scene.azure.faults.next({ match: 'GetRecordingProperties', fault: { status: 501 } });
    call.end();
    await scene.clock.advance(500);
    expect((await session.snapshot()).state).toBe('recording');
    const settled = await scene.clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'call-ended', anomalies: [] });
    expect(about(published())).toEqual([]);
  });

  test('is a pause, and told, while the recording still exists', async () => {
    await using opened = await openRecorder();
    const { scene, recorder, published } = opened;
    const { ref } = await connected(scene);
    const session = await scene.clock.until(recorder.start({ call: ref }));
    const [recordingId = ''] = scene.azure.recordingIds();
    await scene.driver.native().recording.pause(recordingId);
    await scene.clock.advance(5_000);
    expect(await session.snapshot()).toMatchObject({ state: 'paused', anomalies: [{ code: 'uncommanded-pause' }] });
    expect(about(published())).toEqual(['recording.paused', 'recording.anomaly']);
    await scene.clock.until(session.stop());
  });

  test('that is told late does not end the recording before its time', async () => {
    await using opened = await openRecorder();
    const { scene, recorder } = opened;
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(recorder.start({ call: ref }));
    const inactive = ({ data }: { readonly data: Readonly<Record<string, unknown>> }) => data['state'] === 'inactive';
    scene.azure.eventFaults.next({ match: inactive, fault: { delayMs: 20_000 } });
    scene.azure.eventFaults.next({ match: inactive, fault: 'lost' });
    await scene.clock.until(session.pause());
    await scene.clock.until(session.resume());
    await scene.clock.advance(5_000);
    const endedAt = timestamp(scene.clock.now());
    call.end();
    await scene.clock.until(session.settled());
    const { parts, pauses } = await session.snapshot();
    expect(parts[0]).toMatchObject({ state: 'ended', endReason: 'call-ended' });
    expect((parts[0]?.endedAt ?? '') >= endedAt).toBe(true);
    expect(pauses).toHaveLength(1);
  });
});

test('without callbacks everything is learnt by asking, but for the file', async () => {
  await using opened = await openRecorder();
  const { scene } = opened;
  const { ref } = await connected(scene);
  const driver = scene.another({ callbackUrl: undefined, callbackSecret: undefined, jwt: undefined });
  await using recorder = createRecorder(driver, { clock: scene.clock, ingest: { publicUrl: scene.origin } });
  scene.handTo((request) => recorder.ingest(request));
  const session = await scene.clock.until(recorder.start({ call: ref }));
  await scene.clock.until(session.pause());
  await scene.clock.until(session.resume());
  await scene.clock.until(session.stop());
  const settled = await scene.clock.until(session.settled());
  expect(settled).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present' });
  expect(scene.azure.callbacks().filter(({ url }) => url.includes('s='))).toEqual([]);
});

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

  test("somebody else's recording is a conflict", async () => {
    await using opened = await openRecorder();
    const { scene, recorder } = opened;
    const { call, ref } = await connected(scene);
    const { recording } = scene.driver.native();
    await recording.start({ callLocator: { kind: 'serverCallLocator', id: call.serverCallId } });
    const error = await rejection(scene.clock.until(recorder.start({ call: ref })));
    expect(OnRecordError.is(error, 'conflict')).toBe(true);
  });

  test('a start that fails after its acceptance fails the session', async () => {
    await using opened = await openRecorder();
    const { scene, recorder } = opened;
    const { ref } = await connected(scene);
    scene.azure.failNextStart({ code: 403, subCode: 7504, message: 'Insufficient application permissions.' });
    const error = await rejection(scene.clock.until(recorder.start({ call: ref })));
    expect(error).toMatchObject({ code: 'permission-denied' });
  });
});

test('every event lost, the questions still tell the truth', async () => {
  await using opened = await openRecorder();
  const { scene, recorder } = opened;
  const { ref } = await connected(scene);
  scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost', times: 100 });
  const session = await scene.clock.until(recorder.start({ call: ref }));
  await scene.clock.until(session.pause());
  expect((await session.snapshot()).state).toBe('paused');
  await scene.clock.until(session.resume());
  await scene.clock.until(session.stop());
  expect(await scene.clock.until(session.settled())).toMatchObject({ state: 'completed', endReason: 'requested' });
});
