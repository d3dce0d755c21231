import { Readable } from 'node:stream';
import {
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { PutSource } from '../body/put-source.ts';

/** Sends bytes that are in memory: the client can repeat the request by itself. */
export function putBuffer(
  client: S3Client,
  input: PutObjectCommandInput,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<PutObjectCommandOutput> {
  return client.send(new PutObjectCommand({ ...input, Body: body }), { abortSignal: signal });
}

/**
 * Sends a source of known length as one stream. When the source fails the request is aborted before its last piece, so
 * that S3 keeps nothing.
 */
export async function putStream(
  client: S3Client,
  input: PutObjectCommandInput,
  source: PutSource,
  options: { readonly bytes: number; readonly signal: AbortSignal },
): Promise<PutObjectCommandOutput> {
  const stop = new AbortController();
  const body = silentStream(source, () => stop.abort());
  try {
    const command = new PutObjectCommand({ ...input, Body: body, ContentLength: options.bytes });
    return await client.send(command, { abortSignal: AbortSignal.any([options.signal, stop.signal]) });
  } finally {
    body.destroy();
  }
}

/**
 * A stream that never emits `error`: the SDK pipes the body through a stream without a listener for it, which would end
 * the process. A failing source stalls the stream instead and is reported to `onFailure`.
 */
function silentStream(source: AsyncIterable<Uint8Array>, onFailure: () => void): Readable {
  const iterator = source[Symbol.asyncIterator]();
  return new Readable({
    read() {
      iterator.next().then(
        ({ done, value }) => this.push(done ? null : value),
        () => onFailure(),
      );
    },
    destroy(_error, callback) {
      // Not awaited: a generator that waits for a hanging source would not return.
      void Promise.resolve(iterator.return?.()).catch(() => {});
      callback(null);
    },
  });
}
