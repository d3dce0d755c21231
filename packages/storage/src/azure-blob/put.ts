import { createHash, randomUUID } from 'node:crypto';
import type { BlobRequestConditions, BlockBlobClient } from '@azure/storage-blob';
import { type DoPutOptions, type ObjectInfo, OnRecordError } from '@onrecord/core';
import { splitBody } from '../body/blocks.ts';
import { Pool } from '../body/pool.ts';
import { PutSource } from '../body/put-source.ts';
import { PutToken } from '../body/put-token.ts';
import { abortable, abortedError } from '../errors/aborted.ts';
import { alreadyExists, conflicting } from '../errors/conditions.ts';
import { type AzureBlobSettings, MAX_BLOCKS } from './config.ts';
import { blobErrorCode, blobErrorStatus } from './errors.ts';
import { decodeMetadata, encodeMetadata } from './metadata.ts';
import { objectInfo, type Place } from './object-info.ts';

export interface BlobPutRequest {
  readonly settings: AzureBlobSettings;
  readonly blob: BlockBlobClient;
  readonly place: Place;
  readonly body: AsyncIterable<Uint8Array>;
  readonly options: DoPutOptions;
}

/**
 * One put: a single request for what fits into a block, else blocks that no reader sees until their list is committed.
 * Blocks of a failed put are discarded by the service after a week, or at the next write of the same blob.
 */
export class BlobPut {
  readonly #request: BlobPutRequest;
  readonly #source: PutSource;
  readonly #token = new PutToken();
  readonly #metadata: Record<string, string>;
  readonly #conditions: BlobRequestConditions;

  constructor(request: BlobPutRequest) {
    const { ifAbsent, ifMatch, metadata } = request.options;
    this.#request = request;
    this.#source = new PutSource(request.body, request.options);
    this.#metadata = encodeMetadata(this.#token.mark(metadata));
    this.#conditions = { ...(ifAbsent ? { ifNoneMatch: '*' } : {}), ...(ifMatch === undefined ? {} : { ifMatch }) };
  }

  async run(): Promise<ObjectInfo> {
    try {
      return await abortable(this.#request.options.signal, () => this.#send());
    } catch (error) {
      if (this.#source.failure) throw this.#source.failure.error;
      const status = blobErrorStatus(error);
      const unclear = status === undefined || status >= 500 || status === 409 || status === 412;
      const info = unclear ? await this.#written() : undefined;
      if (info) return info;
      throw await this.#conditionError(error);
    }
  }

  async #send(): Promise<ObjectInfo> {
    const { settings } = this.#request;
    const split = await splitBody(this.#source, settings.blockBytes);
    return 'blocks' in split ? this.#uploadBlocks(split.blocks) : this.#upload(split.whole);
  }

  async #upload(content: Buffer): Promise<ObjectInfo> {
    const { blob, place, settings, options } = this.#request;
    const blobContentMD5 = settings.blockChecksum === 'md5' ? md5(content) : undefined;
    const answer = await blob.upload(content, content.byteLength, {
      abortSignal: options.signal,
      conditions: this.#conditions,
      metadata: this.#metadata,
      blobHTTPHeaders: { ...this.#headers(), ...(blobContentMD5 && { blobContentMD5 }) },
    });
    return this.#info(place, content.byteLength, { ...answer, contentMD5: answer.contentMD5 ?? blobContentMD5 });
  }

  async #uploadBlocks(blocks: AsyncIterable<Buffer>): Promise<ObjectInfo> {
    const { blob, place, settings, options } = this.#request;
    const { signal } = options;
    const stop = new AbortController();
    const abortSignal = AbortSignal.any([signal, stop.signal]);
    const pool = new Pool(settings.parallelBlocks);
    const upload = randomUUID();
    const ids: string[] = [];
    try {
      for await (const block of blocks) {
        if (ids.length === MAX_BLOCKS) throw tooManyBlocks(settings);
        // All ids of a blob must have one length.
        const id = Buffer.from(`${upload}-${String(ids.length).padStart(5, '0')}`).toString('base64');
        ids.push(id);
        await pool.add(async () => {
          const transactionalContentMD5 = settings.blockChecksum === 'md5' ? md5(block) : undefined;
          const checked = transactionalContentMD5 ? { abortSignal, transactionalContentMD5 } : { abortSignal };
          await blob.stageBlock(id, block, block.byteLength, checked);
        });
      }
      await pool.drain();
    } catch (error) {
      stop.abort();
      await pool.settled();
      throw error;
    }
    if (signal.aborted) throw abortedError(signal);
    const answer = await blob.commitBlockList(ids, {
      abortSignal: signal,
      conditions: this.#conditions,
      metadata: this.#metadata,
      blobHTTPHeaders: this.#headers(),
    });
    return this.#info(place, this.#source.received, { etag: answer.etag, lastModified: answer.lastModified });
  }

  #headers(): { readonly blobContentType?: string } {
    const { contentType } = this.#request.options;
    return contentType === undefined ? {} : { blobContentType: contentType };
  }

  #info(
    place: Place,
    bytes: number,
    answer: {
      readonly etag?: string | undefined;
      readonly lastModified?: Date | undefined;
      readonly contentMD5?: Uint8Array | undefined;
    },
  ): ObjectInfo {
    const { contentType } = this.#request.options;
    const { etag, lastModified, contentMD5 } = answer;
    return objectInfo(place, bytes, { etag, lastModified, contentMD5, contentType, metadata: this.#metadata });
  }

  /** The object there, if this very put wrote it. */
  async #written(): Promise<ObjectInfo | undefined> {
    if (!this.#source.ended) return undefined;
    const { blob, place } = this.#request;
    try {
      const facts = await blob.getProperties();
      return this.#token.wrote(decodeMetadata(facts.metadata))
        ? objectInfo(place, facts.contentLength ?? 0, facts)
        : undefined;
    } catch {
      return undefined;
    }
  }

  async #conditionError(error: unknown): Promise<unknown> {
    const { blob, place, options } = this.#request;
    const code = blobErrorCode(error);
    const refused = code === 'BlobAlreadyExists' || code === 'ConditionNotMet';
    if (options.ifMatch !== undefined && (refused || code === 'InvalidBlockList')) return conflicting(place.uri, error);
    if (!options.ifAbsent) return error;
    // A winner's commit discards the blocks of the others.
    const lost = code === 'InvalidBlockList' && (await blob.exists().catch(() => false));
    return refused || lost ? alreadyExists(place.uri, error) : error;
  }
}

function md5(content: Uint8Array): Uint8Array {
  return createHash('md5').update(content).digest();
}

function tooManyBlocks(settings: AzureBlobSettings): OnRecordError {
  return new OnRecordError(
    'quota-exceeded',
    `The object has more than ${MAX_BLOCKS} blocks of ${settings.blockBytes} bytes.`,
    {
      remedy: 'Raise blockBytes.',
    },
  );
}
