import { randomUUID } from 'node:crypto';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { type BlobItem, BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { readWav, toneLevel } from '@onrecord/core/media';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeAudio } from '../media/index.ts';
import type { AzureOptions } from './options.ts';
import { type Azurite, startAzurite } from './testing/azurite.ts';
import { commandRecording, type FileEventData, fetchFiles, fileEvent, startRecording } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

interface Exported {
  readonly scene: Scene;
  readonly data: FileEventData;
  readonly recordingId: string;
  /** `https://<account>.blob.core.windows.net/<container>` */
  readonly container: string;
  readonly blobs: readonly BlobItem[];
  read(name: string): Promise<Buffer>;
}

interface Wish {
  readonly options?: Partial<AzureOptions>;
  readonly more?: Readonly<Record<string, unknown>>;
  /** Below the container. */
  readonly location?: string;
  readonly prepare?: (scene: Scene) => void;
  readonly during?: (scene: Scene, recordingId: string) => Promise<void>;
}

/** A recording of two seconds that was asked to be exported into a new container of the account. */
async function exported({ options, more, location = '', prepare, during }: Wish = {}): Promise<Exported> {
  const { account, accountKey, origin } = azurite;
  const name = `c${randomUUID()}`;
  const credential = new StorageSharedKeyCredential(account, accountKey);
  const client = new BlobServiceClient(`${origin}/${account}`, credential).getContainerClient(name);
  await client.create();
  const scene = await openScene({ blobAccounts: { [account]: { origin, accountKey } }, ...options });
  prepare?.(scene);
  const container = `https://${account}.blob.core.windows.net/${name}`;
  const recordingId = await startRecording(scene, {
    externalStorage: {
      recordingStorageKind: 'azureBlobStorage',
      recordingDestinationContainerUrl: `${container}${location}`,
    },
    ...more,
  });
  await scene.clock.advance(4_000);
  await during?.(scene, recordingId);
  const data = await fileEvent(scene);
  const blobs: BlobItem[] = [];
  for await (const blob of client.listBlobsFlat()) blobs.push(blob);
  const read = (blob: string): Promise<Buffer> => client.getBlobClient(blob).downloadToBuffer();
  return { scene, data, recordingId, container, blobs, read };
}

const nameIn = (container: string, url: string) => decodeURIComponent(url.slice(container.length + 1));
const own = (url: string) => url.startsWith('https://storage.asm.skype.com:');

test('a recording with externalStorage lies in the own container, in the documented folders, when the event comes', async () => {
  const { scene, data, recordingId, container, blobs, read } = await exported();
  await using _ = scene;
  expect(data).toMatchObject({ storageType: 'AzureBlob', recordingId, recordingDurationMs: 2_000 });
  const [file] = data.recordingStorageInfo.recordingChunks;
  const folder = `20260105/${scene.call.correlationId}/${recordingId.slice(0, 8)}-`;
  const media = nameIn(container, file!.contentLocation);
  const metadata = nameIn(container, file!.metadataLocation);
  expect(media.startsWith(folder) && metadata.startsWith(folder)).toBe(true);
  const guid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
  expect(media.slice(folder.length)).toMatch(new RegExp(`^${guid}/0-audiowav\\.${file!.documentId}\\.wav$`));
  expect(metadata.slice(folder.length)).toMatch(new RegExp(`^${guid}/0-acsmetadata\\.${file!.documentId}\\.json$`));
  expect(blobs.map(({ name }) => name)).toEqual([metadata, media]);
  expect(file!.deleteLocation).toBe(file!.contentLocation);
  const wav = readWav(await read(media));
  expect(wav.durationMs).toBe(2_000);
  for (const frequencyHz of [440, 1000]) expect(toneLevel(wav.channels[0]!, 16_000, frequencyHz)).toBeGreaterThan(-14);
  expect(JSON.parse((await read(metadata)).toString())).toMatchObject({ chunkDocumentId: file!.documentId });
  expect(blobs.map(({ properties }) => properties.contentType)).toEqual(['application/json', 'audio/wav']);
});

test('a location inside the container comes before the folders', async () => {
  const { scene, data, container, blobs } = await exported({ location: '/calls%20of%202026/main/' });
  await using _ = scene;
  expect(blobs.every(({ name }) => name.startsWith('calls of 2026/main/20260105/'))).toBe(true);
  const [file] = data.recordingStorageInfo.recordingChunks;
  expect(file!.contentLocation.startsWith(`${container}/calls%20of%202026/main/20260105/`)).toBe(true);
});

test('an mp4 goes there with its sound', async () => {
  const { scene, data, container, read } = await exported({
    more: { recordingContentType: 'audioVideo', recordingChannelType: 'mixed', recordingFormatType: 'mp4' },
  });
  await using _ = scene;
  const [file] = data.recordingStorageInfo.recordingChunks;
  expect(file!.contentLocation).toMatch(/\/0-audiovideomp4\.0-eus-d12-[0-9a-f]{32}\.mp4$/);
  const sound = await decodeAudio(await read(nameIn(container, file!.contentLocation)), 'mp4');
  expect(toneLevel(sound.channels[0]!.subarray(1_000), sound.sampleRate, 1000)).toBeGreaterThan(-14);
});

test('each file of a long recording goes there, in one folder, a pause left out', async () => {
  const { scene, data, container, blobs, read } = await exported({
    options: { behaviour: { maxChunkMs: 1_500, settleMs: 0, blobNames: 'without-document-id' } },
    during: async ({ clock, ...scene }, id) => {
      await commandRecording({ clock, ...scene }, id, 'pause');
      await clock.advance(5_000);
      await commandRecording({ clock, ...scene }, id, 'resume');
    },
  });
  await using _ = scene;
  const files = data.recordingStorageInfo.recordingChunks;
  expect(files.map(({ index, endReason }) => [index, endReason])).toEqual([
    [0, 'ChunkMaximumSizeExceeded'],
    [1, 'ChunkMaximumSizeExceeded'],
    [2, 'SessionEnded'],
  ]);
  expect(blobs).toHaveLength(6);
  const [folder = ''] = /^.*\//.exec(blobs[0]!.name) ?? [];
  expect(files.map(({ contentLocation }) => nameIn(container, contentLocation))).toEqual(
    [0, 1, 2].map((index) => `${folder}${index}-audiowav.wav`),
  );
  const lengths = await Promise.all(
    [0, 1, 2].map(async (index) => readWav(await read(`${folder}${index}-audiowav.wav`)).durationMs),
  );
  expect(lengths).toEqual([1_500, 1_500, 1_000]);
});

test('the delete location of such files may be absent, and the storage type another word', async () => {
  const { scene, data } = await exported({
    options: { behaviour: { blobDeleteLocation: 'none', blobStorageType: 'AzureBlobStorage' } },
  });
  await using _ = scene;
  expect(data['storageType']).toBe('AzureBlobStorage');
  expect(Object.keys(data.recordingStorageInfo.recordingChunks[0]!)).not.toContain('deleteLocation');
});

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
  const { scene, data, blobs } = await exported(options ? { ...wish, options } : wish);
  await using __ = scene;
  expect(scene.azure.exports()).toMatchObject([{ failure }]);
  expect([data['storageType'], blobs]).toEqual(['ACS', []]);
  const [file] = data.recordingStorageInfo.recordingChunks;
  expect([file!.contentLocation, file!.metadataLocation, file!.deleteLocation].every(own)).toBe(true);
  expect((await fetchFiles(scene, data)).wav.durationMs).toBe(2_000);
  await scene.clock.advance(24 * 3_600_000);
  await expect(fetchFiles(scene, data)).rejects.toThrow();
});

test.each(['/missing-container', ''])('an export fails where there is no container: %s', async (path) => {
  const { account } = azurite;
  const url = `https://${account}.blob.core.windows.net${path}`;
  const externalStorage = { recordingStorageKind: 'azureBlobStorage', recordingDestinationContainerUrl: url };
  const { scene, data } = await exported({ more: { externalStorage } });
  await using _ = scene;
  const failures = path === '' ? [] : [{ failure: { status: 404, code: 'ContainerNotFound' } }];
  expect(scene.azure.exports()).toMatchObject(failures);
  expect(data['storageType']).toBe('ACS');
});

test('a failure in the middle leaves what was written, and every file with the service', async () => {
  const { scene, data, blobs } = await exported({
    options: { behaviour: { maxChunkMs: 1_000 } },
    prepare: ({ azure }) => azure.failNextExport({ status: 503, code: 'ServerBusy' }, 2),
  });
  await using _ = scene;
  expect(blobs).toHaveLength(2);
  expect(data.recordingStorageInfo.recordingChunks.map(({ contentLocation }) => own(contentLocation))).toEqual([
    true,
    true,
  ]);
});

test('a refused file is tried again where the behaviour says so', async () => {
  const { scene, data } = await exported({
    options: { behaviour: { exportAttempts: 2 } },
    prepare: ({ azure }) => azure.failNextExport({ status: 503, code: 'ServerBusy' }),
  });
  await using _ = scene;
  expect(scene.azure.exports().map(({ failure }) => failure?.code)).toEqual(['ServerBusy', undefined, undefined]);
  expect(data['storageType']).toBe('AzureBlob');
});

test('metadata can be missing in the own container, or come later', async () => {
  const missing = await exported({ prepare: ({ azure }) => azure.fileFaults.next({ fault: 'metadata-missing' }) });
  await using _ = missing.scene;
  expect(missing.blobs.map(({ name }) => name.split('.').at(-1))).toEqual(['wav']);
  const late = await exported({
    prepare: ({ azure }) => azure.fileFaults.next({ fault: { metadataDelayMs: 5_000 } }),
  });
  await using __ = late.scene;
  const [file] = late.data.recordingStorageInfo.recordingChunks;
  const metadata = nameIn(late.container, file!.metadataLocation);
  await expect(late.read(metadata)).rejects.toMatchObject({ statusCode: 404 });
  await late.scene.clock.advance(5_000);
  expect(JSON.parse((await late.read(metadata)).toString())).toMatchObject({ chunkIndex: 0 });
});

test('the SDK asks for the own container, and downloads nothing from it', async () => {
  const { account, accountKey, origin } = azurite;
  const scene = await openScene({ blobAccounts: { [account]: { origin, accountKey } } });
  await using _ = scene;
  const name = `c${randomUUID()}`;
  const client = new BlobServiceClient(`${origin}/${account}`, new StorageSharedKeyCredential(account, accountKey));
  await client.createContainer(name);
  const { azure, call } = scene;
  const recording = new CallAutomationClient(azure.connectionString, { agent: azure.agent() }).getCallRecording();
  await recording.start({
    callLocator: { kind: 'serverCallLocator', id: call.serverCallId },
    recordingContent: 'audio',
    recordingChannel: 'unmixed',
    recordingFormat: 'wav',
    recordingStorage: {
      recordingStorageKind: 'azureBlobStorage',
      recordingDestinationContainerUrl: `https://${account}.blob.core.windows.net/${name}`,
    },
  });
  await scene.clock.advance(4_000);
  const [file] = (await fileEvent(scene)).recordingStorageInfo.recordingChunks;
  await expect(recording.downloadStreaming(file!.contentLocation)).rejects.toThrow(/host/i);
  const { channels } = readWav(
    await client
      .getContainerClient(name)
      .getBlobClient(nameIn(`https://${account}.blob.core.windows.net/${name}`, file!.contentLocation))
      .downloadToBuffer(),
  );
  const level = (channel: number, frequencyHz: number) => toneLevel(channels[channel]!, 16_000, frequencyHz);
  expect([level(0, 440) > -14, level(0, 1000) < -60, level(1, 1000) > -14, level(1, 440) < -60]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});
