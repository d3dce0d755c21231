import { readWav, type Wav } from '@onrecord/core/media';
import type { Scene } from './scene.ts';
import { signedFetch, signedGet } from './signed-fetch.ts';

export interface FileEventChunk {
  readonly documentId: string;
  readonly index: number;
  readonly endReason: string;
  readonly contentLocation: string;
  readonly metadataLocation: string;
  readonly deleteLocation: string;
}

export interface FileEventData {
  readonly recordingStorageInfo: { readonly recordingChunks: readonly FileEventChunk[] };
  readonly recordingDurationMs: number;
  readonly [name: string]: unknown;
}

/** Starts a WAV recording of the scene's call over the API. @returns its id */
export async function startRecording(scene: Scene, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { callConnectionId } = scene.call;
  const body = { callConnectionId, recordingContentType: 'audio', recordingFormatType: 'wav', ...more };
  const answer = await signedFetch(scene.azure, { method: 'POST', path: '/calling/recordings', body });
  if (answer.status >= 300) throw new Error(`start was answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return String(answer.body['recordingId']);
}

export async function commandRecording(scene: Scene, id: string, name: 'pause' | 'resume'): Promise<void> {
  await signedFetch(scene.azure, { method: 'POST', path: `/calling/recordings/${id}:${name}` });
}

/** Ends the call, waits for the file event of a subscription made now, and gives its data. */
export async function fileEvent(scene: Scene): Promise<FileEventData> {
  await scene.azure.subscribe({ url: `${scene.app.url}/grid` });
  scene.call.end();
  await scene.clock.advance(60_000);
  const event = scene.app.events('RecordingFileStatusUpdated').at(-1);
  if (!event) throw new Error('no file event came');
  return event.data as FileEventData;
}

/** The WAV file and the metadata of the first chunk. */
export async function fetchFiles(
  scene: Scene,
  data: FileEventData,
): Promise<{ readonly wav: Wav; readonly metadata: Readonly<Record<string, unknown>> }> {
  const [chunk] = data.recordingStorageInfo.recordingChunks;
  if (!chunk) throw new Error('the event names no file');
  const content = await signedGet(scene.azure, chunk.contentLocation);
  const metadata = await signedGet(scene.azure, chunk.metadataLocation);
  return { wav: readWav(content.body), metadata: JSON.parse(metadata.body.toString('utf8')) };
}
