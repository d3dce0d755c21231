import { readWav, toneLevel } from '@onrecord/core/media';
import { azureFaults, tone } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { archivingScene } from './content/testing/archiving-scene.ts';
import { agent, caller } from './testing/scene.ts';

type Opened = Awaited<ReturnType<typeof archivingScene>>;
type Recorded = Awaited<ReturnType<Opened['record']>>;

/** Records for some seconds, stops, and waits until everything is in the archive. */
async function settled({ clock }: Opened, { session }: Recorded) {
  await clock.advance(6_000);
  await clock.until(session.stop());
  const snapshot = await clock.until(session.settled());
  const master = snapshot.artifacts.find(({ role }) => role === 'master');
  if (!master) throw new Error('there is no master');
  return { snapshot, master };
}

describe('a finished session in the archive', () => {
  test('maps moments of the call to where they are heard, and tells whose voice is where', async () => {
    await using opened = await archivingScene();
    const { clock, record, read } = opened;
    const recorded = await record({ output: { media: 'audio', layout: 'separate', container: 'wav' } });
    const { call, session } = recorded;
    await clock.advance(3_000);
    await clock.until(session.pause());
    await clock.advance(5_000);
    await clock.until(session.resume());
    await clock.advance(4_000);
    // A second of another tone, of which the wall time is known.
    const beepAt = clock.now();
    call.call.leave('agent');
    call.call.join({ name: 'agent', address: agent, source: tone(3_000) });
    await clock.advance(1_000);
    call.call.leave('agent');
    const { snapshot, master } = await settled(opened, recorded);

    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    const wav = readWav(read(master.location));
    const [manifest] = snapshot.artifacts.filter(({ role }) => role === 'manifest');
    const described = JSON.parse(new TextDecoder().decode(read(manifest?.location ?? '')));
    expect(described.artifacts[0].tracks).toMatchObject([
      { channel: 0, from: 'participant', offsetMs: 0 },
      { channel: 1, from: 'everyone-else', offsetMs: 0 },
    ]);
    expect(JSON.stringify(described)).not.toMatch(/155501/);
    expect(described.pauses).toEqual([expect.objectContaining({ precision: 'provider', effect: 'omitted' })]);

    const timeline = await session.timeline();
    expect(Math.abs((timeline.durationMs('p1') ?? 0) - wav.durationMs)).toBeLessThanOrEqual(100);
    const { from = '', to = '' } = snapshot.pauses[0] ?? {};
    expect(timeline.mediaTime((Date.parse(from) + Date.parse(to)) / 2)).toEqual({
      gap: 'paused',
      precision: expect.any(String),
    });
    const heard = timeline.mediaTime(beepAt);
    const ms = 'ms' in heard ? heard.ms : Number.NaN;
    const around = (fromMs: number, toMs: number) =>
      toneLevel(
        wav.channels[1]!.subarray((fromMs * wav.sampleRate) / 1000, (toMs * wav.sampleRate) / 1000),
        wav.sampleRate,
        3_000,
      );
    expect(around(ms + 100, ms + 900)).toBeGreaterThan(-20);
    expect(around(ms - 900, ms - 100)).toBeLessThan(-50);
    expect(around(ms + 1_100, ms + 1_900)).toBeLessThan(-50);
    expect(master.tracks.map(({ channel, participant }) => [channel, participant])).toEqual([
      [0, `4:${caller}`],
      [1, `4:${agent}`],
    ]);
  });

  test('holds every file of a long recording, in order, with its own beginning', async () => {
    await using opened = await archivingScene({ resource: { behaviour: { maxChunkMs: 3_000 } } });
    const recorded = await opened.record();
    const { snapshot } = await settled(opened, recorded);
    const masters = snapshot.artifacts.filter(({ role }) => role === 'master');
    const lengths = masters.map(({ location }) => readWav(opened.read(location)).durationMs);
    expect(lengths.slice(0, -1)).toEqual(lengths.slice(0, -1).map(() => 3_000));
    expect(masters.map(({ tracks }) => tracks[0]?.offsetMs)).toEqual(lengths.map((_length, index) => index * 3_000));
    const timeline = await recorded.session.timeline();
    const sum = lengths.reduce((total, length) => total + length, 0);
    expect(Math.abs((timeline.durationMs('p1') ?? 0) - sum)).toBeLessThanOrEqual(100);
  });
});

describe('a file that comes badly comes whole in the end', () => {
  test.each([
    ['a line that is cut', azureFaults.droppedBody(50_000), [200, 206]],
    ['a body that stalls', azureFaults.slowBody(50_000, 3_600_000), [200, 206]],
    ['a length that is too great', azureFaults.overstatedLength(1_000), undefined],
    ['a length that is too small', azureFaults.understatedLength(1_000), undefined],
    ['an empty answer', azureFaults.emptyFile(), [200, 200]],
    ['a page with 400', azureFaults.htmlError(), [400, 200]],
    ['429 without a time', azureFaults.throttledFile(), [429, 200]],
    ['503', azureFaults.unavailableFile(), [503, 200]],
    ['a lost answer', azureFaults.lostAnswer(), undefined],
  ])('after %s', async (_name, fault, statuses) => {
    await using opened = await archivingScene();
    opened.scene.azure.faults.next({ match: 'DownloadContent', fault });
    const recorded = await opened.record();
    const { snapshot, master } = await settled(opened, recorded);
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    const bytes = opened.read(master.location);
    expect(readWav(bytes)).toMatchObject({ integrity: 'complete' });
    expect(master).toMatchObject({
      state: 'stored',
      bytes: bytes.byteLength,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    if (statuses) expect(opened.scene.requests('DownloadContent').map(({ status }) => status)).toEqual(statuses);
  });
});

test('a file that cannot be read on at once is read anew, and comes whole', async () => {
  await using opened = await archivingScene();
  const { faults } = opened.scene.azure;
  faults.next({ match: 'DownloadContent', fault: azureFaults.droppedBody(50_000) });
  faults.next({ match: 'DownloadContent', fault: azureFaults.unavailableFile() });
  const { snapshot, master } = await settled(opened, await opened.record());
  expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
  expect(readWav(opened.read(master.location)).integrity).toBe('complete');
});

test.each(['media', 'wall'] as const)(
  'durations that count %s change nothing about a file that was paused',
  async (durations) => {
    await using opened = await archivingScene({ resource: { behaviour: { durations } } });
    const { clock, record, read } = opened;
    const recorded = await record();
    await clock.advance(3_000);
    await clock.until(recorded.session.pause());
    await clock.advance(60_000);
    await clock.until(recorded.session.resume());
    const { snapshot, master } = await settled(opened, recorded);
    expect(snapshot).toMatchObject({ verdict: 'present', anomalies: [] });
    const { durationMs } = readWav(read(master.location));
    expect(durationMs).toBeLessThan(30_000);
    expect(master.durationMs).toBe(durationMs);
  },
);
