import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  type Classification,
  type DoGetOptions,
  type DoPutOptions,
  type ObjectInfo,
  OnRecordError,
  type OpenedObject,
  type StorageCapabilities,
  type StorageDriver,
} from '@onrecord/core';
import { keyUnder } from '../address/key-under.ts';
import { checkLinkLifetime } from '../address/link-lifetime.ts';
import { checkRange, type Range } from '../body/range.ts';
import { wholeBody } from '../body/whole-body.ts';
import { abortable } from '../errors/aborted.ts';
import { notFound, rangeBehindEnd } from '../errors/conditions.ts';
import { addressOf } from './address.ts';
import { s3Capabilities } from './capabilities.ts';
import { type ClientHandle, openClient } from './client.ts';
import { MAX_PARTS, type S3Options, type S3Settings, s3Settings } from './config.ts';
import { copyFrom } from './copy.ts';
import { classifyS3Error, s3ErrorName, s3ErrorStatus } from './errors.ts';
import { objectInfo } from './object-info.ts';
import { S3Put } from './put.ts';

/**
 * Amazon S3, or a store that speaks its protocol with conditional writes.
 *
 * @example
 * ```ts
 * const archive = s3({ bucket: 'recordings', client: { region: 'eu-central-1' } });
 * ```
 */
export function s3(options: S3Options): S3Driver {
  return new S3Driver(options);
}

export class S3Driver implements StorageDriver<S3Client> {
  readonly type = 's3';
  readonly scheme = 's3';
  readonly capabilities: StorageCapabilities;
  readonly #settings: S3Settings;
  readonly #handle: ClientHandle;
  readonly #root: string;
  #bucketSeen = false;

  /** @throws OnRecordError `invalid-request` for options that cannot be. No request is made. */
  constructor(options: S3Options) {
    this.#settings = s3Settings(options);
    this.#handle = openClient(options.client);
    this.#root = `s3://${this.#settings.bucket}/${this.#settings.prefix}`;
    this.capabilities = { ...s3Capabilities, maxObjectBytes: MAX_PARTS * this.#settings.partBytes };
  }

  uriOf(key: string): string {
    return this.#root + key;
  }

  keyOf(uri: string): string | undefined {
    return keyUnder(this.#root, uri);
  }

  doPut(key: string, body: AsyncIterable<Uint8Array>, options: DoPutOptions): Promise<ObjectInfo> {
    const place = { key, uri: this.uriOf(key) };
    return new S3Put({ client: this.#client, settings: this.#settings, place, body, options }).run();
  }

  doGet(key: string, options: DoGetOptions): Promise<OpenedObject> {
    const { range, signal } = options;
    return abortable(signal, async () => {
      checkRange(range);
      try {
        const command = new GetObjectCommand({ ...addressOf(this.#settings, key), Range: range && httpRange(range) });
        const answer = await this.#client.send(command, { abortSignal: signal });
        const bytes = answer.ContentLength ?? 0;
        const total = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? bytes);
        const info = objectInfo({ key, uri: this.uriOf(key) }, total, answer);
        return { info, body: wholeBody(streamOf(answer.Body, signal), { bytes, key, signal }) };
      } catch (error) {
        if (s3ErrorName(error) === 'NoSuchKey') throw notFound(this.uriOf(key), error);
        if (range && s3ErrorStatus(error) === 416) throw rangeBehindEnd(this.uriOf(key), range.first, undefined, error);
        throw error;
      }
    });
  }

  doHead(key: string, options: { readonly signal: AbortSignal }): Promise<ObjectInfo | undefined> {
    return abortable(options.signal, () => this.#head(key, options.signal));
  }

  doDelete(key: string, options: { readonly signal: AbortSignal }): Promise<void> {
    return abortable(options.signal, async () => {
      await this.#client.send(new DeleteObjectCommand(addressOf(this.#settings, key)), { abortSignal: options.signal });
    });
  }

  doList(
    prefix: string,
    options: { readonly cursor?: string | undefined; readonly limit: number; readonly signal: AbortSignal },
  ): Promise<{ readonly objects: readonly ObjectInfo[]; readonly cursor?: string | undefined }> {
    const { cursor, limit, signal } = options;
    return abortable(signal, async () => {
      const { bucket, expectedBucketOwner, prefix: root } = this.#settings;
      const answer = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          ExpectedBucketOwner: expectedBucketOwner,
          Prefix: root + prefix,
          MaxKeys: Math.min(limit, 1000),
          ContinuationToken: cursor,
        }),
        { abortSignal: signal },
      );
      const objects = (answer.Contents ?? []).map(({ Key = '', Size = 0, ETag, LastModified }) => {
        const key = Key.slice(root.length);
        return objectInfo({ key, uri: this.uriOf(key) }, Size, { ETag, LastModified });
      });
      return { objects, cursor: answer.NextContinuationToken };
    });
  }

  async doPresignRead(
    key: string,
    options: { readonly expiresInMs: number; readonly signal: AbortSignal },
  ): Promise<string> {
    const { expiresInMs, signal } = options;
    checkLinkLifetime(expiresInMs);
    const command = new GetObjectCommand(addressOf(this.#settings, key));
    return abortable(signal, () => getSignedUrl(this.#client, command, { expiresIn: Math.floor(expiresInMs / 1000) }));
  }

  doCopyFrom(sourceUri: string, key: string, options: { readonly signal: AbortSignal }): Promise<ObjectInfo> {
    const { signal } = options;
    return abortable(signal, async () => {
      const targetKey = this.#settings.prefix + key;
      await copyFrom({ client: this.#client, settings: this.#settings, sourceUri, targetKey, signal });
      const info = await this.#head(key, signal);
      if (!info) throw notFound(this.uriOf(key));
      return info;
    });
  }

  classifyError(error: unknown): Classification {
    return classifyS3Error(error);
  }

  native(): S3Client {
    return this.#handle.client;
  }

  async close(): Promise<void> {
    if (this.#handle.owned) this.#handle.client.destroy();
  }

  get #client(): S3Client {
    return this.#handle.client;
  }

  async #head(key: string, abortSignal: AbortSignal): Promise<ObjectInfo | undefined> {
    try {
      const command = new HeadObjectCommand({ ...addressOf(this.#settings, key), ChecksumMode: 'ENABLED' });
      const answer = await this.#client.send(command, { abortSignal });
      return objectInfo({ key, uri: this.uriOf(key) }, answer.ContentLength ?? 0, answer);
    } catch (error) {
      if (s3ErrorStatus(error) !== 404) throw error;
      await this.#checkBucket(abortSignal);
      return undefined;
    }
  }

  /** A HEAD of an object answers 404 for a missing bucket too; told apart once, lest a typing error reads as "not yet". */
  async #checkBucket(abortSignal: AbortSignal): Promise<void> {
    if (this.#bucketSeen) return;
    const { bucket, expectedBucketOwner } = this.#settings;
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner }), {
        abortSignal,
      });
    } catch (error) {
      // Without permission to list, S3 does not say whether the bucket exists.
      if (s3ErrorStatus(error) === 403) return;
      if (s3ErrorStatus(error) !== 404) throw error;
      throw new OnRecordError('not-found', `There is no bucket ${bucket}.`, {
        remedy: 'Create the bucket, or correct its name in the configuration.',
        cause: error,
      });
    }
    this.#bucketSeen = true;
  }
}

function httpRange({ first, last }: Range): string {
  return `bytes=${first}-${last ?? ''}`;
}

/** The body of an answer; an abort ends it with an error. */
async function* streamOf(body: unknown, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = body as AsyncIterable<Uint8Array> & { destroy?(error?: Error): void };
  const onAbort = () => stream.destroy?.(new Error('aborted'));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    yield* stream;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
