import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../errors/network.ts';
import { identityOf } from './attributes.ts';
import type { FileOperations, FileStatus } from './file-operations.ts';
import type { Folder } from './folder.ts';

/** A file that nobody writes to for this long was left by a process that is gone. */
const STALE_AFTER_MS = 24 * 3_600_000;

export interface IncomingFile {
  readonly path: string;
  readonly status: FileStatus;
  readonly identity: string;
}

/**
 * Writes a body into a file of its own and makes it durable. Nothing is left of it when that fails.
 * @throws whatever the source or the disk throws
 */
export async function writeIncoming(
  folder: Folder,
  files: FileOperations,
  body: AsyncIterable<Uint8Array>,
): Promise<IncomingFile> {
  const path = join(folder.incoming, randomUUID());
  await folder.prepare(path);
  const handle = await files.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644);
  let closed = false;
  try {
    for await (const piece of body) {
      for (let at = 0; at < piece.byteLength; ) at += (await handle.write(piece.subarray(at))).bytesWritten;
    }
    await handle.sync();
    const status = await handle.stat({ bigint: true });
    closed = true;
    await handle.close();
    return { path, status, identity: identityOf(status) };
  } catch (error) {
    if (!closed) await handle.close().catch(() => {});
    await files.unlink(path).catch(() => {});
    throw error;
  }
}

/** Removes what killed processes left behind. */
export async function sweepIncoming(folder: Folder, files: FileOperations, nowMs: number): Promise<void> {
  for (const { name } of await entriesOf(folder, files)) {
    const path = join(folder.incoming, name);
    const status = await files.lstat(path).catch(() => undefined);
    if (status && nowMs - Number(status.mtimeMs) > STALE_AFTER_MS) await files.unlink(path).catch(() => {});
  }
}

async function entriesOf(folder: Folder, files: FileOperations): Promise<readonly { readonly name: string }[]> {
  try {
    return await files.readdir(folder.incoming);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
