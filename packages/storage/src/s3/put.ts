import { HeadObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { type DoPutOptions, type ObjectInfo, OnRecordError } from '@onrecord/core';
import { splitBody } from '../body/blocks.ts';
import { PutSource } from '../body/put-source.ts';
import { PutToken } from '../body/put-token.ts';
import { abortable } from '../errors/aborted.ts';
import { alreadyExists, conflicting } from '../errors/conditions.ts';
import { addressOf } from './address.ts';
import type { S3Settings } from './config.ts';
import { s3ErrorName, s3ErrorStatus } from './errors.ts';
import { checksum, objectInfo, type Place } from './object-info.ts';
import { putMultipart } from './put-multipart.ts';
import { putBuffer, putStream } from './put-single.ts';

/** A known length up to this is gathered in memory first, because the client can then repeat the request by itself. */
const BUFFERED_BYTES = 1024 * 1024;

export interface S3PutRequest {
  readonly client: S3Client;
  readonly settings: S3Settings;
  readonly place: Place;
  readonly body: AsyncIterable<Uint8Array>;
  readonly options: DoPutOptions;
}

/** One put: by which requests, and what is there after one of them failed. */
export class S3Put {
  readonly #request: S3PutRequest;
  readonly #source: PutSource;
  readonly #token = new PutToken();
  readonly #input: PutObjectCommandInput;

  constructor(request: S3PutRequest) {
    const { settings, place, body, options } = request;
    this.#request = request;
    this.#source = new PutSource(body, options);
    this.#input = {
      ...addressOf(settings, place.key),
      ContentType: options.contentType,
      Metadata: this.#token.mark(options.metadata),
      IfNoneMatch: options.ifAbsent ? '*' : undefined,
      IfMatch: options.ifMatch,
    };
  }

  async run(): Promise<ObjectInfo> {
    try {
      return await abortable(this.#request.options.signal, () => this.#send());
    } catch (error) {
      // A failed source has not given its last piece, so nothing can have arrived.
      if (this.#source.failure) throw this.#source.failure.error;
      const info = mayHaveArrived(error) ? await this.#written() : undefined;
      if (info) return info;
      throw this.#conditionError(error);
    }
  }

  /** Chooses between one request and many by the length, known or found out. */
  async #send(): Promise<ObjectInfo> {
    const { client, settings, place, options } = this.#request;
    const { bytes, signal } = options;
    const { ContentType, Metadata } = this.#input;
    if (bytes !== undefined && bytes > BUFFERED_BYTES && bytes <= settings.singlePutBytes) {
      const answer = await putStream(client, this.#input, this.#source, { bytes, signal });
      return { ...objectInfo(place, bytes, { ContentType, Metadata, ...answer }), checksum: checksum(answer) };
    }
    const split = await splitBody(this.#source, settings.partBytes);
    if ('blocks' in split) return this.#sendParts(split.blocks);
    const answer = await putBuffer(client, this.#input, split.whole, signal);
    return objectInfo(place, split.whole.byteLength, { ContentType, Metadata, ...answer });
  }

  async #sendParts(blocks: AsyncIterable<Buffer>): Promise<ObjectInfo> {
    const { client, settings, place, options } = this.#request;
    const { ContentType, Metadata } = this.#input;
    const answer = await putMultipart({
      client,
      settings,
      input: this.#input,
      blocks,
      signal: options.signal,
      arrived: async () => (await this.#written()) !== undefined,
    });
    if (answer) return objectInfo(place, this.#source.received, { ContentType, Metadata, ...answer });
    const info = await this.#written();
    if (!info)
      throw new OnRecordError('storage-failed', `The object at ${place.uri} is gone again.`, { retry: 'safe' });
    return info;
  }

  /** The object there, if this very put wrote it. */
  async #written(): Promise<ObjectInfo | undefined> {
    if (!this.#source.ended) return undefined;
    const { client, settings, place } = this.#request;
    try {
      const answer = await client.send(
        new HeadObjectCommand({ ...addressOf(settings, place.key), ChecksumMode: 'ENABLED' }),
      );
      return this.#token.wrote(answer.Metadata) ? objectInfo(place, answer.ContentLength ?? 0, answer) : undefined;
    } catch {
      return undefined;
    }
  }

  #conditionError(error: unknown): unknown {
    const { place, options } = this.#request;
    const status = s3ErrorStatus(error);
    if (options.ifAbsent && status === 412) return alreadyExists(place.uri, error);
    const other = status === 412 || s3ErrorName(error) === 'NoSuchKey';
    return options.ifMatch !== undefined && other ? conflicting(place.uri, error) : error;
  }
}

/** No answer, an internal error, or a refusal that the client's own repetition may have caused. */
function mayHaveArrived(error: unknown): boolean {
  const status = s3ErrorStatus(error);
  return status === undefined || status >= 500 || status === 412 || status === 409;
}
