import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CallAutomationClient, type CallRecording } from '@azure/communication-call-automation';
import { readWav } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { azureFaults } from './index.ts';
import type { AzureOptions } from './options.ts';
import { type FileEventData, fileEvent, startRecording } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signature, signedGet } from './testing/signed-fetch.ts';

interface Recorded {
  readonly scene: Scene;
  readonly data: FileEventData;
  readonly file: {
    readonly contentLocation: string;
    readonly metadataLocation: string;
    readonly deleteLocation: string;
  };
  readonly recording: CallRecording;
}

/** A scene with a recording of two seconds, and the SDK's client without retries. */
async function recorded(
  options: Partial<AzureOptions> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<Recorded> {
  const scene = await openScene(options);
  await startRecording(scene, more);
  await scene.clock.advance(4_000);
  const data = await fileEvent(scene);
  const [file] = data.recordingStorageInfo.recordingChunks;
  const retryOptions = { maxRetries: 0 };
  const client = new CallAutomationClient(scene.azure.connectionString, { agent: scene.azure.agent(), retryOptions });
  return { scene, data, file: file!, recording: client.getCallRecording() };
}

const WHOLE = 44 + 2 * 32_000;

test('metadata is served as recorded from the real host', async () => {
  const { scene, file } = await recorded();
  await using _ = scene;
  const { status, headers, body } = await signedGet(scene.azure, file.metadataLocation);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-range': `bytes 0-${body.length - 1}/${body.length}`,
    'content-length': String(body.length),
    'cache-control': 'no-cache, max-age=0, s-maxage=0, private',
  });
  expect(JSON.parse(body.toString())).toEqual({
    resourceId: scene.azure.resourceId,
    callId: scene.call.correlationId,
    chunkDocumentId: expect.stringMatching(/^0-eus-d12-/),
    chunkIndex: 0,
    chunkStartTime: '2026-01-05T09:00:03.0000000Z',
    chunkDuration: 2_000,
    pauseResumeIntervals: [],
    recordingInfo: {
      contentType: 'mixed',
      channelType: 'audio',
      format: 'wav',
      audioConfiguration: { sampleRate: 16_000, bitRate: 256_000, channels: 1 },
    },
    participants: [{ participantId: '4:+15550100' }, { participantId: '4:+15550199' }],
  });
});

test('ranges are parts of the file, and one behind its end is refused', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  const whole = await buffer(await recording.downloadStreaming(file.contentLocation));
  expect(whole.length).toBe(WHOLE);
  const part = await buffer(await recording.downloadStreaming(file.contentLocation, { offset: 5, length: 100 }));
  expect(part.equals(whole.subarray(5, 105))).toBe(true);
  const tail = await signedGet(scene.azure, file.contentLocation, { range: 'bytes=-10' });
  expect([tail.status, tail.body.equals(whole.subarray(-10))]).toEqual([206, true]);
  const beyond = await signedGet(scene.azure, file.contentLocation, { range: `bytes=${WHOLE}-` });
  expect(beyond.status).toBe(416);
  expect(scene.azure.requests().at(-1)).toMatchObject({ operation: 'DownloadContent', status: 416 });
});

test('the SDK writes the file to disk', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  const folder = await mkdtemp(join(tmpdir(), 'onrecord-azure-'));
  try {
    await recording.downloadToPath(file.contentLocation, join(folder, 'call.wav'));
    expect(readWav(await readFile(join(folder, 'call.wav'))).durationMs).toBe(2_000);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file is gone after a day', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  await scene.clock.advance(86_400_000 - 1_000);
  await buffer(await recording.downloadStreaming(file.contentLocation));
  await scene.clock.advance(1_000);
  await expect(recording.downloadStreaming(file.contentLocation)).rejects.toMatchObject({ status: 404 });
  await expect(recording.delete(file.deleteLocation)).rejects.toMatchObject({ status: 404 });
});

test('a file is given to nobody without a signature for the API host', async () => {
  const { scene, file } = await recorded({ bearerTokens: ['known'] });
  await using _ = scene;
  const { azure } = scene;
  const get = (headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const request = httpsRequest(file.contentLocation, { agent: azure.agent(), headers }, (response) => {
        buffer(response).then((body) => resolve({ status: response.statusCode, text: body.toString() }), reject);
      });
      request.once('error', reject).end();
    });
  const { host, pathname } = new URL(file.contentLocation);
  const forStorageHost = { ...signature(azure.accessKey, 'GET', pathname, host, ''), 'x-ms-host': host };
  for (const headers of [{}, { authorization: 'Bearer other' }, forStorageHost]) {
    const { status, text } = await get(headers);
    expect([status, JSON.parse(text)]).toMatchObject([401, { title: 'Unauthorized', status: 401 }]);
  }
  expect((await get({ authorization: 'Bearer known' })).status).toBe(200);
});

test.each([
  ['an HTML page', azureFaults.htmlError(), { name: 'SyntaxError' }],
  ['500/9999', azureFaults.serverError(), { status: undefined }],
  ['429 without Retry-After', azureFaults.throttled(), { status: undefined }],
])('instead of a file there can be %s, once', async (_, fault, thrown) => {
  const { scene, file, recording } = await recorded();
  await using __ = scene;
  scene.azure.faults.next({ match: 'DownloadContent', fault });
  await expect(recording.downloadStreaming(file.contentLocation)).rejects.toMatchObject(thrown);
  expect((await buffer(await recording.downloadStreaming(file.contentLocation))).length).toBe(WHOLE);
});

test('a file can come empty', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.emptyFile() });
  expect((await buffer(await recording.downloadStreaming(file.contentLocation))).length).toBe(0);
});

test('a redirect leads to the same file on another host, which the SDK cannot follow', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  const fault = azureFaults.redirect(file.contentLocation);
  scene.azure.faults.next({ match: ({ headers }) => String(headers['host']).startsWith('storage.'), fault, times: 50 });
  const redirected = await signedGet(scene.azure, file.contentLocation);
  expect(redirected.status).toBe(302);
  const followed = await signedGet(scene.azure, String(redirected.headers['location']));
  expect([followed.status, followed.body.length]).toEqual([200, WHOLE]);
  await expect(recording.downloadStreaming(file.contentLocation)).rejects.toMatchObject({ status: 302 });
});

test('a connection can drop in the middle of a file', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  scene.azure.faults.next({ match: 'DownloadContent', fault: { dropAfterBytes: 1_000 } });
  const stream = await recording.downloadStreaming(file.contentLocation);
  await expect(buffer(stream)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(scene.azure.requests().at(-1)).toMatchObject({ operation: 'DownloadContent', status: 200, delivered: false });
});

test.each(['drop-before-work', 'drop-before-answer'] as const)('a deletion can meet %s', async (fault) => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  scene.azure.faults.next({ match: 'DeleteContent', fault });
  await expect(recording.delete(file.deleteLocation)).rejects.toMatchObject({ code: 'ECONNRESET' });
  const again = recording.delete(file.deleteLocation);
  if (fault === 'drop-before-work') await again;
  else await expect(again).rejects.toMatchObject({ status: 404 });
});

test('the SDK waits as Retry-After says, on the API as well', async () => {
  await using scene = await openScene();
  const { azure, call } = scene;
  azure.faults.next({ match: 'GetCall', fault: azureFaults.throttled(0) });
  azure.faults.next({ match: 'GetCall', fault: azureFaults.throttled(), skip: 1 });
  const connection = new CallAutomationClient(azure.connectionString, { agent: azure.agent() }).getCallConnection(
    call.callConnectionId,
  );
  expect((await connection.getCallConnectionProperties()).callConnectionState).toBe('connected');
  await expect(connection.getCallConnectionProperties()).rejects.toMatchObject({ statusCode: 429, code: '8516' });
  expect(azure.requests().map(({ status }) => status)).toEqual([429, 200, 429]);
});
