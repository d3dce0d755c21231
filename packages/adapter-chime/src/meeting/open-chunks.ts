import { type Artifact, type JsonObject, OnRecordError, type OpenedMedia } from '@onrecord/core';
import type { ChunkSource } from './chunks/chunk-source.ts';
import { readChunkUri } from './chunks/chunk-uri.ts';
import { type Remuxed, remuxChunks } from './chunks/remux.ts';
import type { ChimeMeetingConfig } from './config.ts';

/** A chunk that begins this much off the end of the one before lies where its key says, in milliseconds. */
export const snapMs = 500;

/**
 * Opens chunks as the one file that is made of them while it is read. Only what this driver named itself is opened: the
 * own prefix of a session under the configured one, in the configured bucket.
 *
 * @throws OnRecordError `invalid-request` for any other URI.
 */
export function openChunks(
  deps: { readonly bucket: ChunkSource; readonly config: ChimeMeetingConfig },
  artifact: Pick<Artifact, 'source' | 'partId'>,
  options: { readonly range?: { readonly first: number } | undefined; readonly access?: JsonObject | undefined },
  signal: AbortSignal,
): OpenedMedia {
  const { bucket, config } = deps;
  const { prefix, video, fromMs, toMs } = options.access ?? {};
  const own = typeof prefix === 'string' && isOwnPrefix(prefix, config.prefix, artifact.partId) ? prefix : undefined;
  const stream = own === undefined ? undefined : readChunkUri(artifact.source, config.bucket, own);
  if (own === undefined || stream === undefined) {
    throw new OnRecordError('invalid-request', `${artifact.source} names no chunks of a recording of this driver.`, {
      retry: 'never',
      blame: 'caller',
    });
  }
  const expectedMs = typeof fromMs === 'number' && typeof toMs === 'number' ? toMs - fromMs : undefined;
  let done: Remuxed | undefined;
  const joined = remuxChunks(bucket, `${own}/${stream}/`, {
    signal,
    video: video === true,
    snapMs,
    onDone: (what) => {
      done = what;
    },
  });
  const { shortByMs, chunkMs } = config.concatenation;
  async function* verified(): AsyncGenerator<Uint8Array> {
    yield* from(joined, options.range?.first ?? 0);
    // What was skipped at an end makes it shorter by as much.
    const skippedMs = (done?.skipped ?? 0) * chunkMs;
    if (expectedMs === undefined || done === undefined || done.durationMs + skippedMs + shortByMs >= expectedMs) return;
    const message = `The chunks under ${own} joined last ${done.durationMs} ms, and ${expectedMs} ms were captured.`;
    throw new OnRecordError('integrity-failed', message, { retry: 'safe', blame: 'provider' });
  }
  return { body: verified(), contentType: 'video/mp4' };
}

/** `<prefix>/<session>/<part>`: nothing else of a bucket is anybody's chunk. */
function isOwnPrefix(prefix: string, configured: string, partId: string): boolean {
  const root = configured === '' ? '' : `${configured}/`;
  if (!prefix.startsWith(root)) return false;
  const [sessionId = '', part, ...more] = prefix.slice(root.length).split('/');
  return /^[0-9a-f-]{36}$/.test(sessionId) && part === partId && more.length === 0;
}

/** The same chunks give the same bytes, so a file that broke off is made anew and read on from there. */
async function* from(pieces: AsyncIterable<Uint8Array>, first: number): AsyncGenerator<Uint8Array> {
  let skip = first;
  for await (const piece of pieces) {
    if (skip < piece.length) yield piece.subarray(skip);
    skip = Math.max(0, skip - piece.length);
  }
}
