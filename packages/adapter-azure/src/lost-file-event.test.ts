import type { Artifact } from '@onrecord/core';
import { readWav, toneLevel } from '@onrecord/core/media';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ArchivingOptions, archivingScene } from './content/testing/archiving-scene.ts';
import { azureStartOptions } from './start-options.ts';
import { type OwnAccount, openOwnAccount } from './testing/own-account.ts';
import { agent, caller } from './testing/scene.ts';

const minute = 60_000;
const hour = 60 * minute;
const separate = { media: 'audio', layout: 'separate', container: 'wav' } as const;
const fileEvent = 'RecordingFileStatusUpdated';

// Hours pass in some, and files are really written and read.
vi.setConfig({ testTimeout: 90_000 });

let account: OwnAccount;
beforeEach(async () => {
  account = await openOwnAccount();
});
afterEach(() => account[Symbol.asyncDispose]());

/** A resource that records into the container of ours, which is the landing store. */
function opened({ resource, driver, ...options }: ArchivingOptions = {}) {
  const { containerUrl, blobAccounts } = account;
  return archivingScene({
    resource: { blobAccounts, ...resource },
    driver: { ...driver, recordingStorage: { containerUrl, ...driver?.recordingStorage } },
    landing: account.store(),
    ...options,
  });
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** A recording of two voices, eight seconds of it, with a pause in the middle, that was stopped. */
async function recorded({ clock, record }: Opened, seconds = 8) {
  const providerOptions = azureStartOptions({ reference: `4:${caller}` });
  const { session } = await record({ output: separate, providerOptions });
  await clock.advance(2_000 + (seconds * 1_000) / 2);
  await clock.until(session.pause());
  await clock.advance(5_000);
  await clock.until(session.resume());
  await clock.advance((seconds * 1_000) / 2);
  await clock.until(session.stop());
  return session;
}

type Session = Awaited<ReturnType<typeof recorded>>;

const filesOf = async (session: Session, role: Artifact['role'] = 'master') =>
  (await session.snapshot()).artifacts.filter((artifact) => artifact.role === role);

/** Transfers, but for that of the manifest, which is written anew whenever something is learnt. */
async function transfersOf(session: Session) {
  const { artifacts } = await session.snapshot();
  return artifacts
    .filter(({ role }) => role !== 'manifest')
    .map(({ mediaKey, location, sha256 }) => ({ mediaKey, location, sha256 }));
}

/** Which of the two voices is on which channel of a file, by its sound. */
function voicesIn({ read }: Opened, { location }: Artifact): readonly string[] {
  const { channels, sampleRate } = readWav(read(location));
  return channels.map((samples) =>
    [440, 1_000].filter((hertz) => toneLevel(samples, sampleRate, hertz) > -20).join('+'),
  );
}

const secondsOf = ({ read }: Opened, files: readonly Artifact[]) =>
  files.reduce((sum, { location }) => sum + readWav(read(location)).durationMs, 0) / 1_000;

const tracksOf = ({ tracks }: Artifact) => tracks.map(({ channel, participant }) => [channel, participant]);

const pair = [
  [0, `4:${caller}`],
  [1, `4:${agent}`],
];

describe('`recordingStorage` where RecordingFileStatusUpdated is lost for good', () => {
  test('the recording completes from the container, with its tracks and the pauses that the service measured', async () => {
    await using scene = await opened();
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'lost' });
    const session = await recorded(scene);
    const endedAt = scene.clock.now();
    await scene.clock.until(session.settled());
    expect(scene.clock.now() - endedAt).toBeLessThan(6 * minute);
    await scene.clock.advance(minute);
    const snapshot = await session.snapshot();
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [], endReason: 'requested' });
    expect(snapshot.pauses).toEqual([expect.objectContaining({ precision: 'provider' })]);
    const [master, ...others] = await filesOf(session);
    expect([others, master?.state, master?.expiresAt]).toEqual([[], 'stored', undefined]);
    expect(master?.source).toMatch(new RegExp(`^azblob://devstoreaccount1/[^/]+/${session.id}\\.p1/`));
    expect(tracksOf(master!)).toEqual(pair);
    expect(voicesIn(scene, master!)).toEqual(['440', '1000']);
    expect(secondsOf(scene, [master!])).toBeGreaterThan(7);
    expect((await filesOf(session, 'metadata')).map(({ state }) => state)).toEqual(['stored']);
    expect(scene.scene.azure.eventFaults.pending()).toBe(0);
  });

  test('every chunk of it is found, none before the others, and nothing is left in the container when it is moved', async () => {
    await using scene = await opened({ mode: 'move', resource: { behaviour: { maxChunkMs: 2_000 } } });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'lost' });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    await scene.clock.advance(5 * minute);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    const files = await filesOf(session);
    expect(files.length).toBeGreaterThan(3);
    expect(files.map(({ id }) => id)).toEqual(files.map((_, index) => `p1-master-${index}`));
    expect(files.map(tracksOf)).toEqual(files.map(() => pair));
    expect(secondsOf(scene, files)).toBeGreaterThan(7);
    expect(await account.names()).toEqual([]);
  });

  test.each([
    ['of one chunk', 1, 1],
    ['of the last chunk', 1, 3],
    ['of all chunks but one', 3, 0],
  ])('where each chunk has an event, those %s', async (_name, times, skip) => {
    await using scene = await opened({ resource: { behaviour: { maxChunkMs: 2_000, fileEvents: 'per-file' } } });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'lost', times, skip });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    await scene.clock.advance(10 * minute);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    const files = await filesOf(session);
    expect(files.map(({ id }) => id)).toEqual(files.map((_, index) => `p1-master-${index}`));
    expect(files.map(tracksOf)).toEqual(files.map(() => pair));
    expect(secondsOf(scene, files)).toBeGreaterThan(7);
    expect(scene.scene.azure.eventFaults.pending()).toBe(0);
  });

  test('metadata that come half an hour later are learnt then, though the file was moved away before', async () => {
    await using scene = await opened({ mode: 'move' });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'lost' });
    scene.scene.azure.fileFaults.next({ fault: { metadataDelayMs: hour / 2 } });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    await scene.clock.advance(minute);
    expect([await account.names(), (await filesOf(session)).map(({ state }) => state)]).toEqual([[], ['stored']]);
    await scene.clock.advance(hour);
    const [master] = await filesOf(session);
    expect(tracksOf(master!)).toEqual(pair);
    expect(await session.snapshot()).toMatchObject({ verdict: 'present', anomalies: [] });
    expect(await account.names()).toEqual([]);
  });

  test('two sessions in one container each find their own files', async () => {
    await using scene = await opened();
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'lost', times: 2 });
    const sessions = [await recorded(scene, 8), await recorded(scene, 16)];
    for (const session of sessions) await scene.clock.until(session.settled());
    const lengths: number[] = [];
    for (const session of sessions) {
      expect(await session.snapshot()).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
      const files = await filesOf(session);
      expect(files).toHaveLength(1);
      lengths.push(secondsOf(scene, files));
    }
    expect(Math.round((lengths[1] ?? 0) - (lengths[0] ?? 0))).toBe(8);
    expect(await account.names()).toHaveLength(4);
  });

  test('and its names have no document, as public programs read them', async () => {
    await using scene = await opened({
      resource: { behaviour: { maxChunkMs: 4_000, blobNames: 'without-document-id' } },
    });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'lost' });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    await scene.clock.advance(minute);
    const files = await filesOf(session);
    expect(files.length).toBeGreaterThan(1);
    expect(files.map(tracksOf)).toEqual(files.map(() => pair));
  });

  test('`recordingStorage.perRecording` false: nothing tells whose the file is, and the recording is missing, then lost', async () => {
    const { containerUrl } = account;
    await using scene = await opened({ driver: { recordingStorage: { containerUrl, perRecording: false } } });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'lost' });
    const session = await recorded(scene);
    await scene.clock.advance(15 * minute);
    expect(await session.snapshot()).toMatchObject({ state: 'processing', verdict: 'missing', artifacts: [] });
    await scene.clock.advance(49 * hour);
    expect(await session.snapshot()).toMatchObject({ state: 'failed', endReason: 'lost', verdict: 'missing' });
    expect(await account.names()).toHaveLength(2);
  });

  test('and its export failed, too: the place stays empty, and the recording is missing', async () => {
    await using scene = await opened({ resource: { blobAccounts: {} } });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'lost' });
    const session = await recorded(scene);
    await scene.clock.advance(15 * minute);
    expect(await session.snapshot()).toMatchObject({ state: 'processing', verdict: 'missing', artifacts: [] });
  });
});

describe('`recordingStorage` where RecordingFileStatusUpdated comes', () => {
  test.each<[string, number]>([
    ['an hour', hour],
    ['24 hours', 24 * hour],
  ])('%s late: no file has two entries, and none is transferred again', async (_name, delayMs) => {
    await using scene = await opened({ resource: { behaviour: { maxChunkMs: 4_000 } } });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: { delayMs } });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    await scene.clock.advance(10 * minute);
    const [before, transfers] = [await session.snapshot(), await transfersOf(session)];
    expect(before).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    await scene.clock.advance(delayMs + hour);
    const after = await session.snapshot();
    expect(await transfersOf(session)).toEqual(transfers);
    const media = ({ artifacts }: typeof after) => artifacts.filter(({ role }) => role !== 'manifest');
    expect(media(after)).toEqual(media(before));
    expect([after.state, after.verdict, after.pauses]).toEqual([before.state, before.verdict, before.pauses]);
    expect(scene.scene.azure.eventFaults.pending()).toBe(0);
  });

  test('late, from the last chunk to the first, and everything was moved away before: nothing is missed', async () => {
    await using scene = await opened({
      mode: 'move',
      resource: { behaviour: { maxChunkMs: 4_000, fileOrder: 'descending' } },
    });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: { delayMs: hour } });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    await scene.clock.advance(2 * hour);
    const snapshot = await session.snapshot();
    expect(snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    expect(snapshot.pauses).toEqual([expect.objectContaining({ precision: 'provider' })]);
    const files = await filesOf(session);
    expect(files.map(({ state }) => state)).toEqual(files.map(() => 'stored'));
    expect(await account.names()).toEqual([]);
  });

  test('late, and metadata were never found: what it tells of them is said then', async () => {
    await using scene = await opened();
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: { delayMs: hour } });
    scene.scene.azure.fileFaults.next({ fault: 'metadata-missing' });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    expect(await session.snapshot()).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    await scene.clock.advance(2 * hour);
    const { anomalies } = await session.snapshot();
    expect(anomalies).toMatchObject([{ code: 'invalid-answer', message: expect.stringContaining('is gone') }]);
    expect(await filesOf(session)).toHaveLength(1);
  });

  test('twice, and in time: nobody looks into the container', async () => {
    const store = account.store();
    const listed: string[] = [];
    const doList = store.doList.bind(store);
    store.doList = (prefix, options) => {
      listed.push(prefix);
      return doList(prefix, options);
    };
    await using scene = await opened({ landing: store });
    scene.scene.azure.eventFaults.next({ match: fileEvent, fault: 'duplicated' });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    await scene.clock.advance(hour);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    expect([(await filesOf(session)).length, (await filesOf(session, 'metadata')).length, listed]).toEqual([1, 1, []]);
  });

  test('with files whose export failed: the place that stays empty is neither missing nor waited for', async () => {
    await using scene = await opened({ resource: { blobAccounts: {} } });
    const session = await recorded(scene);
    await scene.clock.until(session.settled());
    await scene.clock.advance(2 * hour);
    expect(await session.snapshot()).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
    expect((await filesOf(session)).map(({ source }) => new URL(source).protocol)).toEqual(['https:']);
  });
});
