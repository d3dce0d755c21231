import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { type CallNotice, defineFlow } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import type { AzureProfile } from './capabilities.ts';
import { connected, openRecorder } from './testing/recorder-scene.ts';
import { rejection, type SceneOptions } from './testing/scene.ts';

const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;

/** Calls as each of the two profiles has them, recorded by the driver of that profile. */
const profiles: readonly [AzureProfile, SceneOptions][] = (['acs-standalone', 'teams-phone'] as const).map(
  (profile) => [profile, { driver: { profile }, placement: { profile } }],
);

/** Sends as usual, and keeps each answer to a start back until `release` is called. */
function keepingBack(): { readonly httpClient: HttpClient; release(): void } {
  const inner = createDefaultHttpClient();
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    release: resolve,
    httpClient: {
      async sendRequest(request) {
        const answer = await inner.sendRequest(request);
        if (request.method === 'POST' && new URL(request.url).pathname === '/calling/recordings') await promise;
        return answer;
      },
    },
  };
}

describe.each(profiles)('under %s', (_profile, options) => {
  test('StartRecordingFailed that overtakes the 202 is the end of its start', async () => {
    const resource = { behaviour: { startStatus: 202 as const } };
    const kept = keepingBack();
    await using opened = await openRecorder({ ...options, resource }, (scene) => ({
      client: { agent: scene.azure.agent(), httpClient: kept.httpClient },
    }));
    const { scene, recorder } = opened;
    const { ref } = await connected(scene);
    scene.azure.failNextStart({ code: 403, subCode: 7504, message: 'Insufficient permissions.' });
    const starting = recorder.start({ call: ref, output });
    await scene.clock.advance(10_000);
    kept.release();
    expect(await scene.clock.until(rejection(starting))).toMatchObject({ code: 'permission-denied' });
    const [id] = await opened.store.list();
    const settled = await scene.clock.until((await recorder.attach(id!)).settled());
    expect(settled).toMatchObject({ state: 'failed', endReason: 'permission-denied' });
    expect(settled.commands).toMatchObject([
      {
        kind: 'start',
        state: 'refused',
        error: { code: 'permission-denied', message: expect.stringContaining('7504') },
      },
    ]);
    expect(scene.requests('StartRecording')).toHaveLength(1);
    expect(opened.errors).toEqual([]);
  });

  test('RecordingStateChanged that overtakes the answer proves the start, and the answer changes nothing', async () => {
    const kept = keepingBack();
    await using opened = await openRecorder(options, (scene) => ({
      client: { agent: scene.azure.agent(), httpClient: kept.httpClient },
    }));
    const { scene, recorder } = opened;
    const { ref } = await connected(scene);
    const starting = recorder.start({ call: ref, output });
    await scene.clock.advance(10_000);
    kept.release();
    const session = await scene.clock.until(starting);
    expect(await session.snapshot()).toMatchObject({ state: 'recording', anomalies: [] });
  });

  test('a pause told after the resumption that followed it leaves the recording running', async () => {
    await using opened = await openRecorder(options);
    const { scene, recorder, errors } = opened;
    const { ref } = await connected(scene);
    const session = await scene.clock.until(recorder.start({ call: ref, output }));
    await scene.clock.advance(5_000);
    scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: { delayMs: 30_000 } });
    await scene.clock.until(session.pause());
    await scene.clock.advance(5_000);
    await scene.clock.until(session.resume());
    await scene.clock.advance(60_000);
    expect(await session.snapshot()).toMatchObject({ state: 'recording', anomalies: [], pauses: [{}] });
    const told = (await session.record()).reports.filter(({ via, seen }) => via === 'push' && 'capturing' in seen);
    expect(told.map(({ seen }) => seen.capturing)).toEqual([true, true, false]);
    expect(errors).toEqual([]);
  });

  test('every event of it twice changes nothing', async () => {
    await using opened = await openRecorder(options);
    const { scene, recorder } = opened;
    scene.azure.eventFaults.next({ match: () => true, fault: 'duplicated', times: 20 });
    const { call, ref } = await connected(scene);
    const session = await scene.clock.until(recorder.start({ call: ref, output }));
    await scene.clock.advance(5_000);
    call.end();
    const settled = await scene.clock.until(session.settled());
    expect(settled).toMatchObject({ state: 'completed', endReason: 'call-ended', verdict: 'present', anomalies: [] });
    expect(settled.artifacts.filter(({ role }) => role === 'master')).toHaveLength(1);
  });
});

test('a flow hears who comes and goes, each once, though the events come twice', async () => {
  await using opened = await openRecorder();
  const { scene, recorder, errors } = opened;
  const heard: CallNotice['type'][] = [];
  recorder.serve(defineFlow({}, { onCall: ({ type }) => void heard.push(type) }));
  scene.azure.eventFaults.next({ match: 'ParticipantsUpdated', fault: 'duplicated', times: 10 });
  const { call } = await connected(scene);
  call.join({ name: 'supervisor', address: '+15550123' });
  await scene.clock.advance(1_000);
  call.leave('supervisor');
  await scene.clock.advance(1_000);
  call.end();
  await scene.clock.advance(1_000);
  expect(heard).toEqual([
    'call.connected',
    'call.participant-joined',
    'call.participant-joined',
    'call.participant-joined',
    'call.participant-left',
    'call.ended',
  ]);
  expect(errors).toEqual([]);
});
