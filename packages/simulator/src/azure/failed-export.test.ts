import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../../../tools/testing/azurite.ts';
import { blobName, exported, keptByService, type Wish } from './testing/exported.ts';
import { fetchFiles } from './testing/record.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

test.each<readonly [string, { readonly status: number | undefined; readonly code: string }, Wish]>([
  ['the account is unknown', { status: undefined, code: 'AccountNotFound' }, { options: { blobAccounts: {} } }],
  [
    'the service has no role there',
    { status: 403, code: 'AuthorizationFailure' },
    { options: { blobAccounts: { devstoreaccount1: { origin: '', accountKey: 'b3RoZXI=' } } } },
  ],
  [
    'it is made to fail',
    { status: 403, code: 'AuthorizationPermissionMismatch' },
    { prepare: ({ azure }) => azure.failNextExport() },
  ],
])('an export fails when %s: the event names ACS download URLs, and the files live a day', async (_, failure, wish) => {
  const accounts = Object.entries(wish.options?.blobAccounts ?? {});
  const blobAccounts = Object.fromEntries(
    accounts.map(([name, given]) => [name, { ...given, origin: azurite.origin }]),
  );
  const options = wish.options && { ...wish.options, blobAccounts };
  const { scene, data, blobs } = await exported(azurite, options ? { ...wish, options } : wish);
  await using __ = scene;
  expect(scene.azure.exports()).toMatchObject([{ failure }]);
  expect([data['storageType'], blobs]).toEqual(['ACS', []]);
  const [file] = data.recordingStorageInfo.recordingChunks;
  expect([file!.contentLocation, file!.metadataLocation, file!.deleteLocation].every(keptByService)).toBe(true);
  expect((await fetchFiles(scene, data)).wav.durationMs).toBe(2_000);
  await scene.clock.advance(24 * 3_600_000);
  await expect(fetchFiles(scene, data)).rejects.toThrow();
});

test.each(['/missing-container', ''])('an export fails where there is no container: %s', async (path) => {
  const { account } = azurite;
  const url = `https://${account}.blob.core.windows.net${path}`;
  const externalStorage = { recordingStorageKind: 'azureBlobStorage', recordingDestinationContainerUrl: url };
  const { scene, data } = await exported(azurite, { more: { externalStorage } });
  await using _ = scene;
  const failures = path === '' ? [] : [{ failure: { status: 404, code: 'ContainerNotFound' } }];
  expect(scene.azure.exports()).toMatchObject(failures);
  expect(data['storageType']).toBe('ACS');
});

test('a failure in the middle leaves what was written, and every file with the service', async () => {
  const { scene, data, blobs } = await exported(azurite, {
    options: { behaviour: { maxChunkMs: 1_000 } },
    prepare: ({ azure }) => azure.failNextExport({ status: 503, code: 'ServerBusy' }, 2),
  });
  await using _ = scene;
  expect(blobs).toHaveLength(2);
  expect(
    data.recordingStorageInfo.recordingChunks.map(({ contentLocation }) => keptByService(contentLocation)),
  ).toEqual([true, true]);
});

test('the files of one event may lie in both places where the behaviour says so', async () => {
  const { scene, data, container } = await exported(azurite, {
    options: { behaviour: { maxChunkMs: 1_000, failedExport: 'keeps-one' } },
    prepare: ({ azure }) => azure.failNextExport({ status: 503, code: 'ServerBusy' }),
  });
  await using _ = scene;
  const [first, second] = data.recordingStorageInfo.recordingChunks;
  expect([keptByService(first!.contentLocation), keptByService(first!.metadataLocation), data['storageType']]).toEqual([
    true,
    true,
    'AzureBlob',
  ]);
  expect(second!.contentLocation.startsWith(`${container}/`)).toBe(true);
  expect((await fetchFiles(scene, data)).wav.durationMs).toBe(1_000);
});

test('a refused file is tried again where the behaviour says so', async () => {
  const { scene, data } = await exported(azurite, {
    options: { behaviour: { exportAttempts: 2 } },
    prepare: ({ azure }) => azure.failNextExport({ status: 503, code: 'ServerBusy' }),
  });
  await using _ = scene;
  expect(scene.azure.exports().map(({ failure }) => failure?.code)).toEqual(['ServerBusy', undefined, undefined]);
  expect(data['storageType']).toBe('AzureBlob');
});

test('metadata can be missing in the own container, or come later', async () => {
  const missing = await exported(azurite, {
    prepare: ({ azure }) => azure.fileFaults.next({ fault: 'metadata-missing' }),
  });
  await using _ = missing.scene;
  expect(missing.blobs.map(({ name }) => name.split('.').at(-1))).toEqual(['wav']);
  const atOnce = await exported(azurite, {
    prepare: ({ azure }) => azure.fileFaults.next({ fault: { metadataDelayMs: -5_000 } }),
  });
  await using ___ = atOnce.scene;
  expect(atOnce.blobs.map(({ name }) => name.split('.').at(-1)).sort()).toEqual(['json', 'wav']);
  const late = await exported(azurite, {
    prepare: ({ azure }) => azure.fileFaults.next({ fault: { metadataDelayMs: 5_000 } }),
  });
  await using __ = late.scene;
  const [file] = late.data.recordingStorageInfo.recordingChunks;
  const metadata = blobName(late.container, file!.metadataLocation);
  await expect(late.read(metadata)).rejects.toMatchObject({ statusCode: 404 });
  await late.scene.clock.advance(5_000);
  expect(JSON.parse((await late.read(metadata)).toString())).toMatchObject({ chunkIndex: 0 });
});
