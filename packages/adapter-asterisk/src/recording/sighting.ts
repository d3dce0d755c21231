import type { MediaSighting, PartTarget } from '@onrecord/core';
import { isGone } from '../client/ari-error.ts';
import { mediaUri } from '../media/media-uri.ts';
import { roleOf, trackOf } from './files.ts';
import { type FileFacts, fileFacts, type PartHandle } from './handle.ts';
import { nameOf } from './live.ts';
import type { Work } from './work.ts';

/** A stored file as a look at its beginning shows it. */
export interface StoredFile {
  readonly label: string;
  readonly bytes: number;
  /** Milliseconds of audio by the number of bytes; unknown for Opus, whose end would have to be read. */
  readonly durationMs?: number | undefined;
  /** Nothing was written behind its header. */
  readonly isEmpty: boolean;
}

/** Bytes of a WAV header, which is all that there is of a file to which nothing was written. */
const wavHeaderBytes = 44;
/** Enough for the header pages of an Ogg file and the one after them. */
const enoughBytes = 8_192;

/** What is stored under the label: undefined where there is no file. */
export async function storedFile(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  label: string,
): Promise<StoredFile | undefined> {
  const { client, operation, signal } = work;
  const path = ['recordings', 'stored', nameOf(part, handle, label), 'file'];
  let start: Uint8Array;
  let bytes: number | undefined;
  try {
    const file = await client.download(path, { operation, signal });
    bytes = file.bytes;
    start = await beginningOf(file.body);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  const length = bytes ?? start.length;
  if (handle.format === 'opus') return { label, bytes: length, isEmpty: oggPages(start) < 3 };
  return {
    label,
    bytes: length,
    durationMs: Math.round(Math.max(0, length - wavHeaderBytes) / (handle.format === 'wav' ? 16 : 32)),
    isEmpty: length <= wavHeaderBytes,
  };
}

/** The files that hold something. */
export function withAudio(stored: readonly (StoredFile | undefined)[]): readonly StoredFile[] {
  return stored.flatMap((file) => (file === undefined || file.isEmpty ? [] : [file]));
}

async function beginningOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    while (length < enoughBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      length += value.length;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  return Buffer.concat(pieces);
}

/** Pages that begin in these bytes; the first two hold no audio. */
function oggPages(bytes: Uint8Array): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.split('OggS').length - 1;
}

/** The files as the recorder is told of them, each with its beginning relative to the earliest of the part. */
export function sightingsOf(
  part: PartTarget,
  handle: PartHandle,
  files: readonly StoredFile[],
): readonly MediaSighting[] {
  const offsets = offsetsOf(files.map(({ label }) => fileFacts(part, label)));
  const wav = handle.format !== 'opus';
  return files.map(({ label, bytes, durationMs }, index) => {
    const uri = mediaUri(nameOf(part, handle, label));
    return {
      key: uri,
      uri,
      role: roleOf(part.output),
      container: wav ? 'wav' : 'ogg',
      mediaType: wav ? 'audio/wav' : 'audio/ogg',
      bytes,
      channels: 1,
      final: true,
      ...(durationMs === undefined ? {} : { durationMs }),
      tracks: [trackOf(part.call, label, offsets[index] ?? 0)],
      index,
    };
  });
}

/**
 * Milliseconds by which each file begins after the earliest one: by the server's events where there is one for every
 * file, else by when it had taken each of them. Two clocks are never compared.
 */
export function offsetsOf(files: readonly FileTimes[]): readonly number[] {
  for (const clock of ['startedAt', 'begunAt'] as const) {
    const times = files.map((file) => Date.parse(file[clock] ?? ''));
    if (times.every((time) => !Number.isNaN(time))) return times.map((time) => time - Math.min(...times));
  }
  return files.map(() => 0);
}

export type FileTimes = Pick<FileFacts, 'startedAt' | 'begunAt'>;
