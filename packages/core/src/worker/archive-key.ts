import { digestOf } from '../engine/ids.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';

/** `<yyyy>/<mm>/<dd>/<session id>`, the date being that of the session's creation, in UTC. */
export function folderOf(record: SessionRecord): string {
  return `${record.createdAt.slice(0, 10).replaceAll('-', '/')}/${record.id}`;
}

export function manifestKey(record: SessionRecord): string {
  return `${folderOf(record)}/manifest.json`;
}

/**
 * Where a file goes: where an earlier attempt was to put it, else by its id. A file that turned up late can have got
 * the id of another one, whose place it must not take: then a digest of its own name tells them apart.
 */
export function archiveKey(archive: StorageDriver, record: SessionRecord, artifact: Artifact): string {
  const own = record.transfers.find(({ mediaKey }) => mediaKey === artifact.mediaKey)?.uri;
  const planned = own === undefined ? undefined : archive.keyOf(own);
  if (planned !== undefined) return planned;
  const extension = artifact.role === 'metadata' ? 'json' : (artifact.container ?? 'bin');
  const plain = `${folderOf(record)}/${artifact.id}.${extension}`;
  const taken = record.transfers.some(
    ({ mediaKey, uri }) => mediaKey !== artifact.mediaKey && uri === archive.uriOf(plain),
  );
  if (!taken) return plain;
  return `${folderOf(record)}/${artifact.id}-${digestOf(artifact.mediaKey).slice(0, 12)}.${extension}`;
}
