import { readWav, toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import type { AzureBehaviour } from './behaviour.ts';
import { type FileEventChunk, type FileEventData, fileEvent, startRecording } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedGet } from './testing/signed-fetch.ts';

const HOUR = 3_600_000;

async function record(scene: Scene, ms: number, more: Readonly<Record<string, unknown>> = {}) {
  await startRecording(scene, more);
  await scene.clock.advance(ms);
  const data = await fileEvent(scene);
  return { data, files: data.recordingStorageInfo.recordingChunks };
}

const scene = (behaviour: Partial<AzureBehaviour> = {}) => openScene({ behaviour: { settleMs: 0, ...behaviour } });
const get = async (scene: Scene, url: string) => (await signedGet(scene.azure, url)).body;
const metadataOf = async (scene: Scene, file: FileEventChunk) =>
  JSON.parse((await get(scene, file.metadataLocation)).toString());

/** Length by the file's own header, and how loud both voices are in its first and last second; no more is fetched. */
async function measure(scene: Scene, { contentLocation }: FileEventChunk) {
  const range = async (header: string) => (await signedGet(scene.azure, contentLocation, { range: header })).body;
  const head = await range(`bytes=0-${44 + 32_000 - 1}`);
  const tail = await range('bytes=-32000');
  const level = (pcm: Buffer, frequencyHz: number) => {
    const samples = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength));
    return toneLevel(samples, 16_000, frequencyHz);
  };
  const levels = [head.subarray(44), tail].flatMap((pcm) => [level(pcm, 440), level(pcm, 1000)]);
  return { ms: head.readUInt32LE(40) / 32, heard: levels.every((dbfs) => dbfs > -14) };
}

test('nine hours are three files, each of its own sound', async () => {
  await using opened = await scene();
  const { data, files } = await record(opened, 9 * HOUR);
  expect(data.recordingDurationMs).toBe(9 * HOUR);
  expect(files.map(({ index, endReason }) => [index, endReason])).toEqual([
    [0, 'ChunkMaximumSizeExceeded'],
    [1, 'ChunkMaximumSizeExceeded'],
    [2, 'SessionEnded'],
  ]);
  const measured = await Promise.all(files.map((file) => measure(opened, file)));
  expect(measured).toEqual([4, 4, 1].map((hours) => ({ ms: hours * HOUR, heard: true })));
  const metadata = await Promise.all(files.map((file) => metadataOf(opened, file)));
  expect(
    metadata.map(({ chunkIndex, chunkStartTime, chunkDuration }) => [chunkIndex, chunkStartTime, chunkDuration]),
  ).toEqual([
    [0, '2026-01-05T09:00:01.0000000Z', 4 * HOUR],
    [1, '2026-01-05T13:00:01.0000000Z', 4 * HOUR],
    [2, '2026-01-05T17:00:01.0000000Z', HOUR],
  ]);
});

test('nine hours with somebody who never speaks are unmixed as soon', async () => {
  await using opened = await scene();
  opened.call.join({ name: 'listener', address: '8:acs:listener' });
  const { files } = await record(opened, 9 * HOUR, { recordingChannelType: 'unmixed' });
  const { participants, recordingInfo } = await metadataOf(opened, files[2]!);
  expect(participants.at(-1)).toEqual({ participantId: '8:acs:listener' });
  expect(recordingInfo.audioConfiguration.channels).toBe(2);
});

test.each([
  ['mixed', 'wav', 320_000, [10_000, 10_000, 5_000]],
  ['unmixed', 'wav', 320_000, [5_000, 5_000, 5_000, 5_000, 5_000]],
  ['mixed', 'mp3', 60_000, [10_000, 10_000, 5_000]],
] as const)(
  'a file may be limited in size: %s %s',
  async (recordingChannelType, recordingFormatType, maxChunkBytes, lengths) => {
    await using opened = await scene({ maxChunkBytes });
    const { files } = await record(opened, 25_000, { recordingChannelType, recordingFormatType });
    const metadata = await Promise.all(files.map((file) => metadataOf(opened, file)));
    expect(metadata.map(({ chunkDuration }) => chunkDuration)).toEqual(lengths);
    for (const { contentLocation } of files) {
      // A header, or the delay of the MP3 encoder, comes on top.
      expect((await get(opened, contentLocation)).length).toBeLessThanOrEqual(maxChunkBytes + 1_500);
    }
  },
);

test('the last file can be missing, though its length is counted', async () => {
  await using opened = await scene({ maxChunkMs: 1_000 });
  opened.azure.fileFaults.next({ fault: 'last-file-missing' });
  const { data, files } = await record(opened, 2_500);
  expect([files.map(({ index }) => index), files.at(-1)!.endReason]).toEqual([[0, 1], 'ChunkMaximumSizeExceeded']);
  expect(data.recordingDurationMs).toBe(2_500);
});

test('metadata can be missing, or late', async () => {
  await using opened = await scene();
  const { azure, clock } = opened;
  azure.fileFaults.next({ fault: 'metadata-missing' });
  const { files } = await record(opened, 2_000);
  expect((await signedGet(azure, files[0]!.metadataLocation)).status).toBe(404);
  await using other = await scene();
  other.azure.fileFaults.next({ fault: { metadataDelayMs: 10_000 } });
  const { files: later } = await record(other, 2_000);
  const status = async () => (await signedGet(other.azure, later[0]!.metadataLocation)).status;
  expect([await status(), (await signedGet(other.azure, later[0]!.contentLocation)).status]).toEqual([404, 200]);
  await other.clock.advance(10_000);
  expect(await status()).toBe(200);
  await clock.advance(HOUR);
  expect((await signedGet(azure, files[0]!.metadataLocation)).status).toBe(404);
});

test('an event that is a day late tells of files that are gone', async () => {
  await using opened = await scene();
  const { azure, app, clock, call } = opened;
  await azure.subscribe({ url: `${app.url}/grid` });
  azure.eventFaults.next({ match: 'RecordingFileStatusUpdated', fault: { delayMs: 24 * HOUR } });
  await startRecording(opened);
  await clock.advance(2_000);
  call.end();
  await clock.advance(HOUR);
  expect(app.events('RecordingFileStatusUpdated')).toEqual([]);
  await clock.advance(24 * HOUR);
  const [event] = app.events('RecordingFileStatusUpdated');
  const [file] = (event!.data as FileEventData).recordingStorageInfo.recordingChunks;
  expect((await signedGet(azure, file!.contentLocation)).status).toBe(404);
});

/** Names in the order of the file of the recorded traffic. */
const order = {
  top: 'resourceId callId chunkDocumentId chunkIndex chunkStartTime chunkDuration pauseResumeIntervals recordingInfo participants',
  info: 'contentType channelType format audioConfiguration videoConfiguration',
  audio: 'sampleRate bitRate channels',
  video: 'longerSideLength shorterSideLength framerate bitRate',
};

test('metadata have the names, their order, the swapped types and the times of the recorded traffic', async () => {
  await using opened = await scene();
  const { files } = await record(opened, 2_000, {
    recordingContentType: 'audioVideo',
    recordingChannelType: 'mixed',
    recordingFormatType: 'mp4',
  });
  const metadata = await metadataOf(opened, files[0]!);
  const { recordingInfo: info } = metadata;
  const names = (value: object) => Object.keys(value).join(' ');
  expect([names(metadata), names(info)]).toEqual([order.top, order.info]);
  expect([names(info.audioConfiguration), names(info.videoConfiguration)]).toEqual([order.audio, order.video]);
  expect([info.contentType, info.channelType, info.format]).toEqual(['mixed', 'audioVideo', 'mp4']);
  expect(metadata.chunkStartTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
  expect(metadata.participants.every((participant: object) => names(participant) === 'participantId')).toBe(true);
});

test('metadata may be as the documentation has them', async () => {
  await using opened = await scene({
    metadataTypes: 'documented',
    metadataSampleRate: 'string',
    metadataVersion: '0.0',
  });
  const { files } = await record(opened, 2_000);
  expect(await metadataOf(opened, files[0]!)).toMatchObject({
    version: '0.0',
    recordingInfo: { contentType: 'audio', channelType: 'mixed', audioConfiguration: { sampleRate: '16000' } },
  });
});

test('files can be announced after any time', async () => {
  await using opened = await scene({ fileDelayMs: 10 * 60_000 });
  const { azure, app, clock, call } = opened;
  await azure.subscribe({ url: `${app.url}/grid` });
  await startRecording(opened);
  await clock.advance(2_000);
  call.end();
  await clock.advance(10 * 60_000 - 1);
  expect(app.events('RecordingFileStatusUpdated')).toEqual([]);
  await clock.advance(1);
  expect(app.events('RecordingFileStatusUpdated')).toHaveLength(1);
});

test('each file fetched whole is what its event says', async () => {
  await using opened = await scene({ maxChunkMs: 1_500 });
  const { files } = await record(opened, 4_000);
  const lengths = await Promise.all(
    files.map(async (file) => readWav(await get(opened, file.contentLocation)).durationMs),
  );
  expect(lengths).toEqual([1_500, 1_500, 1_000]);
});

test('files may be announced the last first', async () => {
  await using opened = await scene({ maxChunkMs: 1_500, fileOrder: 'descending' });
  const { files } = await record(opened, 4_000);
  expect(files.map(({ index }) => index)).toEqual([2, 1, 0]);
});

test('an event may have the fields of the documentation only', async () => {
  await using opened = await scene({ fileEventFields: 'documented', subject: 'server-call' });
  const { data } = await record(opened, 2_000);
  const documented = ['recordingDurationMs', 'recordingStartTime', 'recordingStorageInfo', 'sessionEndReason'];
  expect(Object.keys(data).sort()).toEqual(documented);
});
