import { createRecorder, defineFlow, timestamp } from '@onrecord/core';
import { readWav, toneLevel } from '@onrecord/core/media';
import { describe, expect, test } from 'vitest';
import { connected, openRecorder } from './testing/recorder-scene.ts';
import { collect, separateWav } from './testing/scene.ts';

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
