import type { Output, PartTarget, StartPlan, Track } from '@onrecord/core';
import { readWav, toneLevel } from '@onrecord/core/media';
import { azureFaults } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { filesOf } from './file-facts.ts';
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

/** What `doFinalize` reports of a part whose metadata file is changed on its way. */
async function learntWith(
  plan: Partial<StartPlan>,
  change: (file: Record<string, unknown>) => Record<string, unknown>,
) {
  const { scene, part } = await over(plan);
  await using _scene = scene;
  const metadata = filesOf(part)?.[0]?.metadata ?? '';
  const bytes = await fetchAll(scene, { ...artifactOf({ key: 'k', uri: metadata, role: 'metadata' }) });
  const body = JSON.stringify(change(JSON.parse(new TextDecoder().decode(bytes))));
  scene.azure.faults.next({ match: 'DownloadMetadata', fault: { status: 200, body } });
  const report = await learnt(scene, part);
  if (!report) throw new Error('nothing was learnt');
  return { seen: report.seen, tracks: report.seen.media?.[0]?.tracks?.map(written) };
}

describe('whoever was there', () => {
  test('is kept as a fact of the part, since no track of a mix names them', async () => {
    const { seen } = await learntWith({}, (file) => file);
    expect(seen.facts).toMatchObject({ participants: [`4:${caller}`, `4:${agent}`] });
    expect(seen.anomaly).toBeUndefined();
  });

  test('is kept without a channel, too', async () => {
    const { seen, tracks } = await learntWith({ output: separateWav }, ({ participants, ...file }) => ({
      ...file,
      participants: [...(participants as readonly object[]), { participantId: '8:acs:silent' }],
    }));
    expect(seen.facts).toMatchObject({ participants: [`4:${caller}`, `4:${agent}`, '8:acs:silent'] });
    expect(tracks).toEqual([`0 participant 4:${caller}`, `1 everyone-else 4:${agent}`]);
    expect(seen.anomaly).toBeUndefined();
  });
});

describe('what is another file than was asked for', () => {
  const said = (recordingInfo: object) => (file: Record<string, unknown>) => ({ ...file, recordingInfo });

  test('a mix of everyone has one track, whatever was asked for', async () => {
    const { seen, tracks } = await learntWith({ output: separateWav }, said({ contentType: 'mixed', format: 'wav' }));
    expect(tracks).toEqual(['everyone']);
    expect(seen.anomaly?.message).toBe('A file is mixed where unmixed was asked for.');
  });

  test('separate voices have theirs', async () => {
    const { seen, tracks } = await learntWith({}, (file) => ({
      ...said({ channelType: 'unmixed', audioConfiguration: { channels: 5 } })(file),
      participants: [{ participantId: '8:acs:one', channel: 3 }],
    }));
    expect(tracks).toEqual(['3 participant 8:acs:one']);
    expect(seen.anomaly?.message).toBe('A file is unmixed where mixed was asked for.');
  });

  test('another container is told', async () => {
    const { seen } = await learntWith({}, said({ contentType: 'mixed', format: 'MP4' }));
    expect(seen.media?.[0]?.container).toBe('mp4');
    expect(seen.anomaly?.message).toBe('A file is mp4 where wav was asked for.');
  });

  test('nobody is named in what is told', async () => {
    const { seen } = await learntWith({ output: separateWav }, (file) => ({
      ...file,
      participants: [{ participantId: '8:acs:somebody', channel: 4 }],
    }));
    expect(seen.anomaly?.message).toBe(
      'A metadata file puts a participant on channel 4 of a file that it gives 2 channels.',
    );
  });
});

describe('several files', () => {
  const facts = (count: number) => ({
    filesComplete: true,
    ...Object.fromEntries(
      Array.from({ length: count }, (_, index) => {
        const base = `https://storage.asm.skype.com/v1/objects/d${index}/content`;
        return [`file/d${index}`, { content: `${base}/audio`, metadata: `${base}/acsmetadata` }];
      }),
    ),
  });
  const chunk = (chunkIndex: number, second: number, participants: readonly object[], pauses: readonly number[] = []) =>
    JSON.stringify({
      chunkIndex,
      chunkStartTime: `2026-01-05T09:00:${second}.0000000Z`,
      pauseResumeIntervals: pauses.map((at) => ({ startTime: `2026-01-05T09:00:${at}.0000000Z`, duration: 4_000 })),
      recordingInfo: { channelType: 'unmixed', format: 'wav', audioConfiguration: { channels: 2 } },
      participants,
    });

  /** What is learnt from files with these metadata. */
  async function learntFrom(...bodies: readonly string[]) {
    await using scene = await openScene();
    const part = await scene.recording({ output: perParticipant });
    for (const body of bodies) scene.azure.faults.next({ match: 'DownloadMetadata', fault: { status: 200, body } });
    return (await learnt(scene, { ...part, facts: facts(bodies.length) }))?.seen;
  }

  test('a participant whose channel changes is followed from chunk to chunk', async () => {
    const people = (first: number, second: number) => [
      { participantId: '8:acs:one', channel: first },
      { participantId: '8:acs:two', channel: second },
    ];
    const seen = await learntFrom(chunk(0, 10, people(0, 1)), chunk(1, 40, people(1, 0)));
    expect(seen?.media?.map(({ tracks }) => tracks?.map(written))).toEqual([
      ['0 participant 8:acs:one', '1 participant 8:acs:two'],
      ['0 participant 8:acs:two', '1 participant 8:acs:one'],
    ]);
    expect(seen?.media?.map(({ tracks }) => tracks?.map(({ offsetMs }) => offsetMs))).toEqual([
      [0, 0],
      [30_000, 30_000],
    ]);
    expect(seen?.facts).toMatchObject({ participants: ['8:acs:one', '8:acs:two'] });
  });

  test('pauses of all chunks come in order, and one that two chunks tell of comes once', async () => {
    const seen = await learntFrom(chunk(1, 40, [], [38, 50]), chunk(0, 10, [], [20, 38]));
    expect(seen?.pauses).toEqual([
      { from: '2026-01-05T09:00:20.000Z', durationMs: 4_000 },
      { from: '2026-01-05T09:00:38.000Z', durationMs: 4_000 },
      { from: '2026-01-05T09:00:50.000Z', durationMs: 4_000 },
    ]);
  });

  test('two of the same chunkIndex, as after a failure of the service, are both masters', async () => {
    const voice = [{ participantId: '8:acs:one', channel: 0 }];
    const seen = await learntFrom(chunk(0, 10, voice), chunk(0, 12, voice));
    expect(seen?.media?.map(({ key, role, index }) => [key, role, index])).toEqual([
      ['d0', 'master', 0],
      ['d1', 'master', 0],
    ]);
    expect(seen?.anomaly).toBeUndefined();
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

  test('a metadata file that is gone leaves the recording as it is, and is told', async () => {
    const { scene, part } = await over();
    await using _scene = scene;
    await scene.clock.advance(25 * 3_600_000);
    expect((await learnt(scene, part))?.seen).toEqual({
      anomaly: { code: 'invalid-answer', message: 'The metadata file of a recording is gone.' },
    });
  });

  test.each([
    ['no JSON', 'no metadata here', 'is no JSON'],
    ['half of it', '{"participants":[{"participantId":"8:', 'is no JSON'],
    ['no object', '[1, 2]', 'holds no JSON object'],
    ['nothing', 'null', 'holds no JSON object'],
    ['a hundred thousand lists in each other', '['.repeat(100_000) + ']'.repeat(100_000), 'holds no JSON object'],
    ['longer than any can be', `{"callId":"${'x'.repeat(1_048_576)}"}`, 'longer than any can be'],
  ])('so does one that is %s', async (_name, body, words) => {
    const { scene, part } = await over();
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadMetadata', fault: { status: 200, body } });
    const report = await learnt(scene, part);
    expect(report?.seen).toEqual({ anomaly: { code: 'invalid-answer', message: expect.stringContaining(words) } });
  });

  test('of two chunks, one without metadata leaves the pauses of the commands and the tracks of the other', async () => {
    const { scene, part } = await over({}, { resource: { behaviour: { maxChunkMs: 12_000 } } });
    await using _scene = scene;
    scene.azure.faults.next({ match: 'DownloadMetadata', fault: { status: 404 } });
    const report = await learnt(scene, part);
    expect(report?.seen.media).toHaveLength(1);
    expect(report?.seen).not.toHaveProperty('pauses');
    expect(report?.seen.anomaly?.message).toBe('The metadata file of a recording is gone.');
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
