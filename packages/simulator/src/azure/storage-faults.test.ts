import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CallAutomationClient, type CallRecording } from '@azure/communication-call-automation';
import { expect, test } from 'vitest';
import type { Fault } from '../http/index.ts';
import { azureFaults } from './index.ts';
import type { AzureOptions } from './options.ts';
import { type FileEventChunk, fileEvent, startRecording } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedGet } from './testing/signed-fetch.ts';

interface Recorded {
  readonly scene: Scene;
  readonly file: FileEventChunk;
  readonly recording: CallRecording;
}

/** A file of two seconds, and the SDK's client with as many retries as given. */
async function recorded(maxRetries = 0, options: Partial<AzureOptions> = {}): Promise<Recorded> {
  const scene = await openScene(options);
  await startRecording(scene);
  await scene.clock.advance(4_000);
  const [file] = (await fileEvent(scene)).recordingStorageInfo.recordingChunks;
  const retryOptions = { maxRetries };
  const client = new CallAutomationClient(scene.azure.connectionString, { agent: scene.azure.agent(), retryOptions });
  return { scene, file: file!, recording: client.getCallRecording() };
}

const WHOLE = 44 + 2 * 32_000;
const statuses = ({ azure }: Scene) =>
  azure.requests().flatMap(({ operation, status }) => (operation.endsWith('Content') ? [status] : []));

test.each<readonly [string, Fault, readonly (number | undefined)[]]>([
  ['429 with Retry-After', azureFaults.throttledFile(0), [429, 200]],
  ['503 with Retry-After', azureFaults.unavailableFile(0), [503, 200]],
  ['503 without Retry-After', azureFaults.unavailableFile(), [503, 200]],
  ['a lost answer', azureFaults.lostAnswer(), [200, 200]],
  ['a lost request', azureFaults.lostRequest(), [undefined, 200]],
])('the SDK gets a file after %s', async (_, fault, seen) => {
  const { scene, file, recording } = await recorded(1);
  await using __ = scene;
  scene.azure.faults.next({ match: 'DownloadContent', fault });
  const body = await buffer(await recording.downloadStreaming(file.contentLocation));
  expect([body.length, statuses(scene)]).toEqual([WHOLE, seen]);
});

test('the SDK gives up a file on 429 without Retry-After, and throws what is no Error', async () => {
  const { scene, file, recording } = await recorded(3);
  await using _ = scene;
  scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.throttledFile() });
  const thrown: unknown = await recording.downloadStreaming(file.contentLocation).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ status: 429, message: 'Too Many Requests' });
  expect([thrown instanceof Error, statuses(scene)]).toEqual([false, [429]]);
});

test('downloadToPath of the SDK leaves a part of the file and never ends when the connection drops', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.droppedBody(1_000) });
  const folder = await mkdtemp(join(tmpdir(), 'onrecord-azure-'));
  let ended = false;
  void recording.downloadToPath(file.contentLocation, join(folder, 'call.wav')).finally(() => {
    ended = true;
  });
  while (scene.azure.requests().at(-1)?.delivered !== false) await scene.clock.idle();
  await scene.clock.advance(3_600_000);
  expect(ended).toBe(false);
  expect((await stat(join(folder, 'call.wav'))).size).toBeLessThan(WHOLE);
  await rm(folder, { recursive: true });
});

test('a length that promises more ends in a broken connection', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  scene.azure.faults.next({ match: 'DownloadContent', fault: azureFaults.overstatedLength(10) });
  await expect(buffer(await recording.downloadStreaming(file.contentLocation))).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
});

test('a length that promises less gives a short file, and Content-Range alone tells', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  const fault = azureFaults.understatedLength(1_000);
  scene.azure.faults.next({ match: 'DownloadContent', fault, times: 2 });
  expect((await buffer(await recording.downloadStreaming(file.contentLocation))).length).toBe(WHOLE - 1_000);
  const { status, headers } = await signedGet(scene.azure, file.contentLocation);
  expect([status, headers['content-length'], headers['content-range']]).toEqual([
    200,
    String(WHOLE - 1_000),
    `bytes 0-${WHOLE - 1}/${WHOLE}`,
  ]);
});

test('a slow body takes the time of the clock', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  const { clock, azure } = scene;
  azure.faults.next({ match: 'DownloadContent', fault: azureFaults.slowBody(8_000, 60_000) });
  const begun = clock.now();
  const body = buffer(await recording.downloadStreaming(file.contentLocation));
  expect((await clock.until(body, 3_600_000, 60_000)).length).toBe(WHOLE);
  expect(clock.now() - begun).toBeGreaterThanOrEqual(8 * 60_000);
});

test('a redirect may lead to a host that is not the service', async () => {
  const { scene, file } = await recorded();
  await using _ = scene;
  const fault = azureFaults.redirect(file.contentLocation, '169.254.169.254');
  scene.azure.faults.next({ match: 'DownloadContent', fault });
  const { status, headers } = await signedGet(scene.azure, file.contentLocation);
  expect([status, new URL(String(headers['location'])).hostname]).toEqual([302, '169.254.169.254']);
});

test.each([
  ['an HTML page', azureFaults.htmlError(), 400, '<!DOCTYPE html>'],
  ['nothing', azureFaults.emptyFile(), 200, ''],
])('instead of metadata there can be %s', async (_, fault, status, begin) => {
  const { scene, file } = await recorded();
  await using __ = scene;
  scene.azure.faults.next({ match: 'DownloadMetadata', fault });
  const answer = await signedGet(scene.azure, file.metadataLocation);
  expect([answer.status, answer.body.toString().slice(0, 15)]).toEqual([status, begin]);
  expect((await signedGet(scene.azure, file.metadataLocation)).status).toBe(200);
});

test('a deletion is answered 200 without a body, takes content and metadata, and is 404 the second time', async () => {
  const { scene, file, recording } = await recorded();
  await using _ = scene;
  await recording.delete(file.deleteLocation);
  for (const url of [file.contentLocation, file.metadataLocation]) {
    expect((await signedGet(scene.azure, url)).status).toBe(404);
  }
  await expect(recording.delete(file.deleteLocation)).rejects.toMatchObject({ status: 404 });
  const deletions = scene.azure.requests().filter(({ operation }) => operation === 'DeleteContent');
  expect(deletions.map(({ status }) => status)).toEqual([200, 404]);
});

test('a file lives for two days where the behaviour says so', async () => {
  const { scene, file } = await recorded(0, { behaviour: { retentionMs: 48 * 3_600_000 } });
  await using _ = scene;
  await scene.clock.advance(48 * 3_600_000 - 1);
  expect((await signedGet(scene.azure, file.contentLocation)).status).toBe(200);
  await scene.clock.advance(1);
  for (const url of [file.contentLocation, file.metadataLocation]) {
    expect((await signedGet(scene.azure, url)).status).toBe(404);
  }
});

test.each(['us-storage.asm.skype.com', 'eu-api.asyncgw.teams.microsoft.com', 'storage.ams.gov.teams.microsoft.us'])(
  'files may lie on %s, where the SDK finds and deletes them',
  async (storageHost) => {
    const { scene, file, recording } = await recorded(0, { behaviour: { storageHost, audioContentName: 'video' } });
    await using _ = scene;
    expect(new URL(file.contentLocation).hostname).toBe(storageHost);
    expect(file.contentLocation).toMatch(/\/content\/video$/);
    expect((await buffer(await recording.downloadStreaming(file.contentLocation))).length).toBe(WHOLE);
    await recording.delete(file.deleteLocation);
  },
);

test('files lie on no host that the SDK refuses', async () => {
  await expect(openScene({ behaviour: { storageHost: 'storage.example.com' } })).rejects.toThrow(TypeError);
});

test('ranges may be ignored: the whole file comes with 200', async () => {
  const { scene, file } = await recorded(0, { behaviour: { byteRanges: 'ignored' } });
  await using _ = scene;
  const { status, body } = await signedGet(scene.azure, file.contentLocation, { range: 'bytes=1000-' });
  expect([status, body.length]).toEqual([200, WHOLE]);
});
