import type { Output, PartTarget, StartPlan, Track } from '@onrecord/core';
import { readWav, toneLevel } from '@onrecord/core/media';
import { azureFaults } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { artifactOf, fetchAll } from './testing/finished-file.ts';
import {
  agent,
  caller,
  command,
  openScene,
  rejection,
  type Scene,
  type SceneOptions,
  separateWav,
} from './testing/scene.ts';

const step = { stepId: 'step', token: 'token', asOfOrdinal: 3 };
const perParticipant: Output = { media: 'audio', layout: 'per-participant', container: 'wav' };

/** A part that is over, with the facts that its file event brought; paused for five seconds in between. */
async function over(plan: Partial<StartPlan> = {}, options: SceneOptions = {}) {
  const scene = await openScene(options);
  await scene.azure.subscribe({ url: scene.gridUrl });
  const part = await scene.recording(plan);
  await scene.driver.doPause(part, command(2), scene.context);
  await scene.clock.advance(5_000);
  await scene.driver.doResume(part, command(3), scene.context);
  await scene.clock.advance(10_000);
  await scene.driver.doStop(part, command(4), scene.context);
  await scene.clock.advance(120_000);
  return { scene, part: { ...part, facts: scene.facts() } };
}

async function learnt(scene: Scene, part: PartTarget) {
  const outcome = await scene.driver.doFinalize(part, step, scene.context);
  if (outcome.kind !== 'done') throw new Error('it is not done');
  return outcome.reports[0];
}

/** `0 participant 4:+1…` */
function written({ channel, from, participant }: Track): string {
  return [channel, from, participant].filter((word) => word !== undefined).join(' ');
}

describe('tracks', () => {
  test.each<[string, Partial<StartPlan>, readonly string[]]>([
    ['a mix', {}, ['everyone']],
    ['a pair', { output: separateWav }, [`0 participant 4:${caller}`, `1 everyone-else 4:${agent}`]],
    [
      'a pair with another reference',
      { output: separateWav, providerOptions: { reference: `4:${agent}` } },
      [`0 participant 4:${agent}`, `1 everyone-else 4:${caller}`],
    ],
    ['everybody', { output: perParticipant }, [`0 participant 4:${caller}`, `1 participant 4:${agent}`]],
  ])('of %s', async (_name, plan, expected) => {
    const { scene, part } = await over(plan);
    await using _scene = scene;
    const report = await learnt(scene, part);
    const tracks = report?.seen.media?.[0]?.tracks ?? [];
    expect(tracks.map(written)).toEqual(expected);
    expect(tracks.every(({ relativeTo }) => relativeTo === part.call.key)).toBe(true);
  });

  test('name the channel on which the voice is to be heard, and on no other', async () => {
    const { scene, part } = await over({ output: separateWav, providerOptions: { reference: `4:${agent}` } });
    await using _scene = scene;
    const report = await learnt(scene, part);
    const [master] = report?.seen.media ?? [];
    const wav = readWav(await fetchAll(scene, artifactOf(master!)));
    expect(wav.channelCount).toBe(master?.channels);
    const hertz = { [`4:${caller}`]: 440, [`4:${agent}`]: 1000 };
    for (const { channel, participant } of master?.tracks ?? []) {
      for (const [person, frequency] of Object.entries(hertz)) {
        const level = toneLevel(wav.channels[channel ?? 0]!, wav.sampleRate, frequency);
        if (person === participant) expect(level).toBeGreaterThan(-20);
        else expect(level).toBeLessThan(-60);
      }
    }
  });

  test('of three voices name each of them', async () => {
    const scene = await openScene();
    await using _scene = scene;
    scene.call.join({ name: 'supervisor', address: '+15550123', source: (index) => (index % 16 < 8 ? 8_000 : -8_000) });
    await scene.azure.subscribe({ url: scene.gridUrl });
    const part = await scene.recording({ output: separateWav });
    await scene.driver.doStop(part, command(2), scene.context);
    await scene.clock.advance(120_000);
    const tracks = (await learnt(scene, { ...part, facts: scene.facts() }))?.seen.media?.[0]?.tracks ?? [];
    expect(tracks.map(({ channel, from }) => `${channel} ${from}`)).toEqual([
      '0 participant',
      '1 participant',
      '2 participant',
    ]);
  });
});

describe('pauses', () => {
  test('are those that the service measured', async () => {
    const { scene, part } = await over();
    await using _scene = scene;
    expect(await learnt(scene, part)).toMatchObject({
      subject: { correlation: part.correlation },
      seen: { pauses: [{ from: '2026-01-05T09:00:06.000Z', durationMs: 5_000 }] },
      cause: { unattributed: true },
      clock: { domain: 'none' },
    });
  });

  test('of all chunks are in one report', async () => {
    const { scene, part } = await over({}, { resource: { behaviour: { maxChunkMs: 4_000 } } });
    await using _scene = scene;
    const report = await learnt(scene, part);
    expect(report?.seen.media).toHaveLength(4);
    expect(new Set(report?.seen.media?.map(({ key }) => key)).size).toBe(4);
    expect(report?.seen.pauses?.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(5_000);
  });
});

describe('what is not there', () => {
  test('before the file event nothing is asked', async () => {
    await using scene = await openScene();
    const part = await scene.recording();
    const before = scene.azure.requests().length;
    expect(await scene.driver.doFinalize(part, step, scene.context)).toEqual({ kind: 'accepted' });
    expect(scene.azure.requests()).toHaveLength(before);
  });

  test('a metadata file that is gone leaves the recording as it is', async () => {
    const { scene, part } = await over();
    await using _scene = scene;
    await scene.clock.advance(25 * 3_600_000);
    expect(await scene.driver.doFinalize(part, step, scene.context)).toEqual({ kind: 'done', reports: [] });
  });

  test.each([
    ['no JSON', 'no metadata here'],
    ['no object', '[1, 2]'],
  ])('so does one that is %s', async (_name, body) => {
    const { scene, part } = await over();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadMetadata', fault: { status: 200, body } });
    expect(await scene.driver.doFinalize(part, step, scene.context)).toEqual({ kind: 'done', reports: [] });
  });

  test('one that says nothing of pauses proves none', async () => {
    const { scene, part } = await over();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadMetadata', fault: { status: 200, body: '{"participants":[]}' } });
    const report = await learnt(scene, part);
    expect(report?.seen).not.toHaveProperty('pauses');
    expect(report?.seen.media).toHaveLength(1);
  });

  test('an error on the way is worth another try', async () => {
    const { scene, part } = await over();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadMetadata', fault: azureFaults.serverError() });
    const error = await rejection(scene.driver.doFinalize(part, step, scene.context));
    expect(scene.driver.classifyError(error)).toMatchObject({ retry: 'safe' });
    expect((await learnt(scene, part))?.seen.media).toHaveLength(1);
  });
});
