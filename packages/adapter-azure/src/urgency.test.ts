import { readWav } from '@onrecord/core/media';
import { azureFaults } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { archivingScene, type FileEvent } from './content/testing/archiving-scene.ts';

const hour = 3_600_000;

test('with one lane, files go least time to expiry first, whatever order their events came in', async () => {
  const held: FileEvent[] = [];
  let holding = true;
  await using opened = await archivingScene({
    alter: async (event) => {
      if (!holding) return event;
      held.push(event);
      return undefined;
    },
  });
  const { clock, scene, record, deliver } = opened;
  const sessions = [];
  for (let number = 0; number < 3; number++) {
    const { session } = await record();
    await clock.advance(3_000);
    await clock.until(session.stop());
    await clock.advance(hour);
    sessions.push(session);
  }
  expect(held).toHaveLength(3);
  // The lane is taken by a fourth one, whose file comes slowly.
  holding = false;
  scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.slowBody(10_000, 15_000) });
  const { session: slow } = await record();
  await clock.advance(6_000);
  await clock.until(slow.stop());
  await clock.advance(70_000);
  expect(scene.requests('DownloadContent')).toHaveLength(1);
  for (const event of held.toReversed()) expect((await deliver(event)).ok).toBe(true);
  await clock.advance(5_000);
  expect(scene.requests('DownloadContent')).toHaveLength(1);
  for (const session of [slow, ...sessions]) {
    expect(await clock.until(session.settled())).toMatchObject({ state: 'completed' });
  }
  const fetched = scene.requests('DownloadContent').map(({ url }) => url.split('/')[3]);
  const documents = held.map(({ data }) => data.recordingStorageInfo.recordingChunks[0]?.documentId);
  expect(fetched.slice(1)).toEqual(documents);
});

test('two files of the same recordingId and index, as after a failure of the service, are both kept as masters', async () => {
  const held: FileEvent[] = [];
  await using opened = await archivingScene({
    alter: async (event) => {
      held.push(event);
      return undefined;
    },
  });
  const { clock, record, deliver, read } = opened;
  const { session } = await record();
  await clock.advance(3_000);
  await clock.until(session.stop());
  await clock.advance(120_000);
  const { session: other } = await record();
  await clock.advance(9_000);
  await clock.until(other.stop());
  await clock.advance(120_000);
  const [one, two] = held;
  const recordingChunks = [one, two].flatMap((event) => event?.data.recordingStorageInfo.recordingChunks ?? []);
  expect(recordingChunks.map(({ index }) => index)).toEqual([0, 0]);
  if (one) await deliver({ ...one, data: { ...one.data, recordingStorageInfo: { recordingChunks } } });
  const { artifacts, verdict } = await clock.until(session.settled());
  const masters = artifacts.filter(({ role }) => role === 'master');
  expect(masters.map(({ mediaKey }) => mediaKey).sort()).toEqual(
    recordingChunks.map(({ documentId }) => documentId).sort(),
  );
  expect(masters.map(({ state }) => state)).toEqual(['stored', 'stored']);
  const lengths = masters.map(({ location }) => readWav(read(location)).durationMs);
  expect(new Set(lengths).size).toBe(2);
  expect(verdict).toBe('present');
});
