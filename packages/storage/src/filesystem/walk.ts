import { join } from 'node:path';
import { errorCode } from '../errors/network.ts';
import type { FileOperations, FolderEntry } from './file-operations.ts';
import type { Folder } from './folder.ts';

export interface WalkOptions {
  readonly prefix: string;
  /** Keys up to and including this one are left out. */
  readonly after: string;
}

/**
 * Keys of regular files in the order of their UTF-8 bytes, which is the order of S3 and Blob. Symbolic links are not
 * followed and not listed. Reads only folders that can hold a key of the answer.
 */
export async function* walk(folder: Folder, files: FileOperations, options: WalkOptions): AsyncGenerator<string> {
  const start = options.prefix.slice(0, options.prefix.lastIndexOf('/') + 1);
  const path = join(folder.root, ...start.split('/'));
  if (await folder.reaches(join(path, 'any'))) yield* within(path, start, files, options);
}

async function* within(
  path: string,
  keyStart: string,
  files: FileOperations,
  options: WalkOptions,
): AsyncGenerator<string> {
  const { prefix, after } = options;
  for (const { name, isFolder } of await sortedEntries(path, files)) {
    const key = keyStart + name;
    if (isFolder) {
      const inside = `${key}/`;
      if (!inside.startsWith(prefix) && !prefix.startsWith(inside)) continue;
      if (compare(inside, after) < 0 && !after.startsWith(inside)) continue;
      if (inside !== '.onrecord/') yield* within(join(path, name), inside, files, options);
    } else if (key.startsWith(prefix) && compare(key, after) > 0) {
      yield key;
    }
  }
}

/** A folder sorts as its name with the slash that its keys have there. */
async function sortedEntries(
  path: string,
  files: FileOperations,
): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]> {
  let entries: readonly FolderEntry[];
  try {
    entries = await files.readdir(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    .map((entry) => ({ ...entry, sortKey: Buffer.from(entry.isFolder ? `${entry.name}/` : entry.name) }))
    .sort((a, b) => Buffer.compare(a.sortKey, b.sortKey));
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
