import { readWav } from '@onrecord/core/media';
import { azureFaults } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { type ArchivingOptions, archivingScene, type FileEvent } from './content/testing/archiving-scene.ts';

/** A recording that was moved into the archive, some minutes later, with what was deleted and when. */
async function moved(
  options: ArchivingOptions = {},
  prepare?: (scene: Awaited<ReturnType<typeof archivingScene>>) => void,
) {
  const opened = await archivingScene({ mode: 'move', ...options });
  const { clock, scene, archive, record } = opened;
  /** Names in the archive when the service was asked to delete. */
  const before: (readonly string[])[] = [];
  prepare?.(opened);
  scene.azure.faults.next({
    match: ({ operation }) => {
      if (operation === 'DeleteContent') before.push([...archive.native().keys()]);
      return false;
    },
    fault: 'drop-before-work',
  });
  const { session } = await record();
  await clock.advance(6_000);
  await clock.until(session.stop());
  await clock.until(session.settled());
  await clock.advance(600_000);
  const { artifacts, state, verdict } = await session.snapshot();
  const master = artifacts.find(({ role }) => role === 'master');
  return {
    opened,
    before,
    state,
    verdict,
    master,
    released: artifacts
      .filter(({ role }) => role !== 'manifest')
      .map(({ role, released }) => [role, released?.outcome]),
  };
}

const chunksWith =
  (change: object) =>
  async (event: FileEvent): Promise<FileEvent> => {
    const recordingChunks = event.data.recordingStorageInfo.recordingChunks.map((chunk) => ({ ...chunk, ...change }));
    return { ...event, data: { ...event.data, recordingStorageInfo: { recordingChunks } } };
  };

test('DeleteContent comes when copy, metadata and manifest are in the archive, once, and leaves a receipt', async () => {
  const { opened, before, master, released } = await moved();
  await using _opened = opened;
  expect(before).toHaveLength(1);
  expect(before[0]?.map((name) => name.replace(/.*\//, '')).sort()).toEqual([
    'manifest.json',
    'p1-master-0.wav',
    'p1-metadata-0.json',
  ]);
  expect(opened.scene.requests('DeleteContent').map(({ status }) => status)).toEqual([200]);
  expect(released).toEqual([
    ['master', 'deleted'],
    ['metadata', 'deleted'],
  ]);
  expect(master?.released).toEqual({ outcome: 'deleted', at: expect.any(String), requestId: expect.any(String) });
  expect(readWav(opened.read(master?.location ?? '')).integrity).toBe('complete');
});

test('DeleteContent is asked for each file of a long recording', async () => {
  const { opened, released } = await moved({ resource: { behaviour: { maxChunkMs: 3_000 } } });
  await using _opened = opened;
  const asked = opened.scene.requests('DeleteContent').map(({ url }) => url);
  expect(asked.length).toBeGreaterThan(1);
  expect(new Set(asked).size).toBe(asked.length);
  expect(released.every(([, outcome]) => outcome === 'deleted')).toBe(true);
});

test.each([
  ['is gone already', { status: 404 }, [404], 'deleted'],
  ['is refused for a while', azureFaults.unavailableFile(), [503, 200], 'deleted'],
  ['is throttled', azureFaults.throttledFile(60), [429, 200], 'deleted'],
  ['is redirected elsewhere', { status: 302, headers: { location: 'https://evil.example/' } }, [302], 'kept'],
  ['is forbidden', { status: 403 }, [403], 'kept'],
] as const)('a file whose deletion %s', async (_name, fault, statuses, outcome) => {
  const { opened, released, state } = await moved({}, ({ scene }) =>
    scene.azure.faults.next({ match: 'DeleteContent', fault }),
  );
  await using _opened = opened;
  expect(opened.scene.requests('DeleteContent').map(({ status }) => status)).toEqual(statuses);
  expect(released[0]).toEqual(['master', outcome]);
  expect(state).toBe('completed');
});

test.each(['https://evil.example/v1/objects/d', 'https://169.254.169.254/x', 'file:///etc/passwd', ''])(
  'a deleteLocation of "%s" is not followed: the file is kept, and nobody is told a secret',
  async (deleteLocation) => {
    const { opened, released, verdict } = await moved({ alter: chunksWith({ deleteLocation }) });
    await using _opened = opened;
    expect(opened.scene.requests('DeleteContent')).toEqual([]);
    expect(released[0]).toEqual(['master', 'kept']);
    expect(verdict).toBe('present');
    expect(opened.logged.join('\n')).toContain('a source was not deleted');
    expect(opened.logged.join('\n')).not.toContain('signature');
  },
);
