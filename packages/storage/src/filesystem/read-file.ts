import type { OpenFile } from './file-operations.ts';

const READ_BYTES = 256 * 1024;

/** The bytes from `start` up to but not including `end`, in pieces of their own; closes the file in any case. */
export async function* readFile(handle: OpenFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  try {
    for (let at = start; at < end; ) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
