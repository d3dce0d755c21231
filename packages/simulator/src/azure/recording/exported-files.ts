import type { AzureBehaviour } from '../behaviour.ts';
import { type BlobDestination, blobDestination, blobFolder, blobNames, blobUrl } from '../blob/blob-destination.ts';
import type { BlobExport } from '../blob/blob-export.ts';
import { contentOf } from '../media/content.ts';
import type { FileLocations } from './file-event.ts';
import type { MadeFile } from './made-file.ts';
import type { Recording } from './recording.ts';

const mediaTypes = { wav: 'audio/wav', mp3: 'audio/mpeg', mp4: 'video/mp4' } as const;

/**
 * Writes every file and its metadata into the container that the start named. A file that is refused is tried again as
 * often as the behaviour says; what was written before a failure stays there.
 * @returns undefined when the start named no container or a file could not be written: the service keeps them all.
 */
export async function exportFiles(
  blobs: BlobExport,
  recording: Recording,
  files: readonly MadeFile[],
  behaviour: AzureBehaviour,
): Promise<readonly FileLocations[] | undefined> {
  const { call, order, id } = recording;
  if (order.containerUrl === undefined) return undefined;
  const destination = blobDestination(order.containerUrl);
  if (!destination) return undefined;
  const at = call.call.clock.now();
  const folder = blobFolder(destination, { at, callId: call.correlationId, recordingId: id });
  const locations: FileLocations[] = [];
  for (const file of files) {
    const location = await exportFile(blobs, destination, folder, recording, file, behaviour);
    if (!location) return undefined;
    locations.push(location);
  }
  return locations;
}

async function exportFile(
  blobs: BlobExport,
  destination: BlobDestination,
  folder: string,
  { order }: Recording,
  { chunk, documentId, content, metadata }: MadeFile,
  { blobNames: style, blobDeleteLocation, exportAttempts }: AzureBehaviour,
): Promise<FileLocations | undefined> {
  const { index, endReason } = chunk;
  const names = blobNames({ index, documentId, content: order.content, format: order.format }, style);
  const media = `${folder}/${names.media}`;
  const facts = `${folder}/${names.metadata}`;
  const writeMedia = async (): Promise<boolean> =>
    blobs.write(destination, media, await content(), mediaTypes[order.format]);
  const writeFacts = (): Promise<boolean> => blobs.write(destination, facts, contentOf(metadata), 'application/json');
  for (const write of [writeMedia, writeFacts]) {
    if (!(await succeeds(write, exportAttempts))) return undefined;
  }
  const contentLocation = blobUrl(destination, media);
  const metadataLocation = blobUrl(destination, facts);
  const locations = { documentId, index, endReason, contentLocation, metadataLocation };
  return blobDeleteLocation === 'blob' ? { ...locations, deleteLocation: contentLocation } : locations;
}

async function succeeds(work: () => Promise<boolean>, attempts: number): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) if (await work()) return true;
  return false;
}
