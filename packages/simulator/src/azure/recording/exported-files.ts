import { held } from '../../clock/held.ts';
import { type BlobDestination, blobDestination, blobFolder, blobNames, blobUrl } from '../blob/blob-destination.ts';
import type { BlobExport } from '../blob/blob-export.ts';
import { contentOf } from '../media/content.ts';
import { type AzureWorld, later } from '../world.ts';
import type { FileLocations } from './file-event.ts';
import type { MadeFile } from './made-file.ts';
import type { Recording } from './recording.ts';

const mediaTypes = { wav: 'audio/wav', mp3: 'audio/mpeg', mp4: 'video/mp4' } as const;

/**
 * Writes every file and its metadata into the container that the start named. A file that is refused is tried again as
 * often as the behaviour says; what was written before a failure stays there. Metadata that are to be late follow by
 * themselves.
 * @returns for each file where it is; undefined for those that the service keeps: all of them when no container was named,
 * and when one failed, unless the behaviour says otherwise.
 */
export async function exportFiles(
  world: AzureWorld,
  blobs: BlobExport,
  recording: Recording,
  files: readonly MadeFile[],
  metadataDelayMs: number,
): Promise<readonly (FileLocations | undefined)[]> {
  const { call, order, id } = recording;
  const destination = order.containerUrl === undefined ? undefined : blobDestination(order.containerUrl);
  const none = files.map(() => undefined);
  if (!destination) return none;
  const folder = blobFolder(destination, { at: world.clock.now(), callId: call.correlationId, recordingId: id });
  const locations: (FileLocations | undefined)[] = [];
  for (const file of files) {
    const { media, metadata } = placesOf(world, recording, file, folder);
    const writeMedia = async (): Promise<boolean> =>
      blobs.write(destination, media, await file.content(), mediaTypes[order.format]);
    const writeMetadata = (): Promise<boolean> =>
      blobs.write(destination, metadata, contentOf(file.metadata), 'application/json');
    const writes = metadataDelayMs === 0 ? [writeMedia, writeMetadata] : [writeMedia];
    const written = await allSucceed(writes, world.behaviour.exportAttempts);
    if (!written && world.behaviour.failedExport === 'keeps-all') return none;
    if (written && metadataDelayMs > 0 && Number.isFinite(metadataDelayMs)) {
      later(world, metadataDelayMs, () => void held(world.clock, writeMetadata()));
    }
    locations.push(written ? locationsOf(world, file, destination, media, metadata) : undefined);
  }
  return locations;
}

function placesOf(
  { behaviour }: AzureWorld,
  { order: { content, format } }: Recording,
  { chunk: { index }, documentId }: MadeFile,
  folder: string,
): { readonly media: string; readonly metadata: string } {
  const { media, metadata } = blobNames({ index, documentId, content, format }, behaviour.blobNames);
  return { media: `${folder}/${media}`, metadata: `${folder}/${metadata}` };
}

function locationsOf(
  { behaviour }: AzureWorld,
  { chunk: { index, endReason }, documentId }: MadeFile,
  destination: BlobDestination,
  media: string,
  metadata: string,
): FileLocations {
  const contentLocation = blobUrl(destination, media);
  const locations = { documentId, index, endReason, contentLocation, metadataLocation: blobUrl(destination, metadata) };
  return behaviour.blobDeleteLocation === 'blob' ? { ...locations, deleteLocation: contentLocation } : locations;
}

async function allSucceed(works: readonly (() => Promise<boolean>)[], attempts: number): Promise<boolean> {
  for (const work of works) if (!(await succeeds(work, attempts))) return false;
  return true;
}

async function succeeds(work: () => Promise<boolean>, attempts: number): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) if (await work()) return true;
  return false;
}
