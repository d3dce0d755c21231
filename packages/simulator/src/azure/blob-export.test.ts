import { randomUUID } from 'node:crypto';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { readWav, toneLevel } from '@onrecord/core/media';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../../../tools/testing/azurite.ts';
import { decodeAudio } from '../media/index.ts';
import { blobName, exported } from './testing/exported.ts';
import { commandRecording, fileEvent } from './testing/record.ts';
import { openScene } from './testing/scene.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

test('a recording with externalStorage lies in the own container, in the documented folders, when the event comes', async () => {
  const { scene, data, recordingId, container, blobs, read } = await exported(azurite);
  await using _ = scene;
  expect(data).toMatchObject({ storageType: 'AzureBlob', recordingId, recordingDurationMs: 2_000 });
  const [file] = data.recordingStorageInfo.recordingChunks;
  const folder = `20260105/${scene.call.correlationId}/${recordingId.slice(0, 8)}-`;
  const media = blobName(container, file!.contentLocation);
  const metadata = blobName(container, file!.metadataLocation);
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
  const { scene, data, container, blobs } = await exported(azurite, { location: '/calls%20of%202026/main/' });
  await using _ = scene;
  expect(blobs.every(({ name }) => name.startsWith('calls of 2026/main/20260105/'))).toBe(true);
  const [file] = data.recordingStorageInfo.recordingChunks;
  expect(file!.contentLocation.startsWith(`${container}/calls%20of%202026/main/20260105/`)).toBe(true);
});

test('an mp4 goes there with its sound', async () => {
  const { scene, data, container, read } = await exported(azurite, {
    more: { recordingContentType: 'audioVideo', recordingChannelType: 'mixed', recordingFormatType: 'mp4' },
  });
  await using _ = scene;
  const [file] = data.recordingStorageInfo.recordingChunks;
  expect(file!.contentLocation).toMatch(/\/0-audiovideomp4\.0-eus-d12-[0-9a-f]{32}\.mp4$/);
  const sound = await decodeAudio(await read(blobName(container, file!.contentLocation)), 'mp4');
  expect(toneLevel(sound.channels[0]!.subarray(1_000), sound.sampleRate, 1000)).toBeGreaterThan(-14);
});

test('each file of a long recording goes there, in one folder, a pause left out', async () => {
  const { scene, data, container, blobs, read } = await exported(azurite, {
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
  expect(files.map(({ contentLocation }) => blobName(container, contentLocation))).toEqual(
    [0, 1, 2].map((index) => `${folder}${index}-audiowav.wav`),
  );
  const lengths = await Promise.all(
    [0, 1, 2].map(async (index) => readWav(await read(`${folder}${index}-audiowav.wav`)).durationMs),
  );
  expect(lengths).toEqual([1_500, 1_500, 1_000]);
});

test('the delete location of such files may be absent, and the storage type another word', async () => {
  const { scene, data } = await exported(azurite, {
    options: { behaviour: { blobDeleteLocation: 'none', blobStorageType: 'AzureBlobStorage' } },
  });
  await using _ = scene;
  expect(data['storageType']).toBe('AzureBlobStorage');
  expect(Object.keys(data.recordingStorageInfo.recordingChunks[0]!)).not.toContain('deleteLocation');
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
      .getBlobClient(blobName(`https://${account}.blob.core.windows.net/${name}`, file!.contentLocation))
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
