import { OnRecordError } from '@onrecord/core';
import { classifyFileError } from './errors.ts';
import type { FileOperations } from './file-operations.ts';
import type { Folder } from './folder.ts';
import { writeIncoming } from './incoming.ts';

/** Makes the folder, and writes and removes a file in it. @throws OnRecordError that names the folder. */
export async function tryFolder(folder: Folder, files: FileOperations): Promise<void> {
  try {
    const { path } = await writeIncoming(folder, files, oneByte());
    await files.unlink(path);
  } catch (error) {
    throw unusable(folder.root, error);
  }
}

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
}

function unusable(root: string, error: unknown): OnRecordError {
  const { code, message, remedy, retry } = classifyFileError(error);
  const what = `The folder ${root} cannot hold recordings: `;
  if (code === 'conflict' || code === 'already-exists') {
    return new OnRecordError('invalid-request', `${what}a file is in its place.`, {
      remedy: 'Move it away, or choose another folder.',
      cause: error,
    });
  }
  const reason = message ?? (error instanceof Error ? error.message : String(error));
  return new OnRecordError(code, `${what}${reason}`, { blame: 'destination', retry, remedy, cause: error });
}
