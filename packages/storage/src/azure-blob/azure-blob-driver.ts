import type { BlobServiceClient, BlockBlobClient } from '@azure/storage-blob';
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
import { checkRange } from '../body/range.ts';
import { wholeBody } from '../body/whole-body.ts';
import { abortable } from '../errors/aborted.ts';
import { notFound, rangeBehindEnd } from '../errors/conditions.ts';
import { azureBlobCapabilities } from './capabilities.ts';
import { type AzureBlobOptions, type AzureBlobSettings, azureBlobSettings, MAX_BLOCKS } from './config.ts';
import { copyFrom } from './copy.ts';
import { blobErrorCode, blobErrorStatus, classifyBlobError } from './errors.ts';
import { objectInfo } from './object-info.ts';
import { BlobPut } from './put.ts';
import { canSign, signedReadUrl } from './signing.ts';

/**
 * A container of Azure Blob Storage.
 *
 * @example
 * ```ts
 * const archive = azureBlob({ container: 'recordings', connectionString: process.env['AZURE_STORAGE'] ?? '' });
 * ```
 */
export function azureBlob(options: AzureBlobOptions): AzureBlobDriver {
  return new AzureBlobDriver(options);
}

export class AzureBlobDriver implements StorageDriver<BlobServiceClient> {
  readonly type = 'azure-blob';
  readonly scheme = 'azblob';
  readonly capabilities: StorageCapabilities;
  readonly #settings: AzureBlobSettings;
  readonly #root: string;

  /** @throws OnRecordError `invalid-request` for options that cannot be. No request is made. */
  constructor(options: AzureBlobOptions) {
    this.#settings = azureBlobSettings(options);
    const { client, container, prefix, blockBytes } = this.#settings;
    this.#root = `azblob://${client.accountName}/${container}/${prefix}`;
    this.capabilities = azureBlobCapabilities({ canSign: canSign(client), maxObjectBytes: MAX_BLOCKS * blockBytes });
  }

  uriOf(key: string): string {
    return this.#root + key;
  }

  keyOf(uri: string): string | undefined {
    return keyUnder(this.#root, uri);
  }

  doPut(key: string, body: AsyncIterable<Uint8Array>, options: DoPutOptions): Promise<ObjectInfo> {
    const place = { key, uri: this.uriOf(key) };
    return new BlobPut({ settings: this.#settings, blob: this.#blob(key), place, body, options }).run();
  }

  doGet(key: string, options: DoGetOptions): Promise<OpenedObject> {
    const { range, signal } = options;
    return abortable(signal, async () => {
      checkRange(range);
      const count = range?.last === undefined ? undefined : range.last - range.first + 1;
      try {
        const answer = await this.#blob(key).download(range?.first ?? 0, count, { abortSignal: signal });
        const bytes = answer.contentLength ?? 0;
        const total = Number(/\/(\d+)$/.exec(answer.contentRange ?? '')?.[1] ?? bytes);
        // The SDK leaves out a range that begins at 0, which an empty blob does not have.
        if (range && range.first >= total) throw rangeBehindEnd(this.uriOf(key), range.first, total);
        // Members of the answer are getters, so they are named one by one.
        const { etag, contentType, metadata, lastModified } = answer;
        // For a range the service gives the MD5 of the blob, if it keeps one, under another name.
        const contentMD5 = range ? answer.blobContentMD5 : answer.contentMD5;
        const facts = { etag, contentType, metadata, lastModified, contentMD5 };
        const info = objectInfo({ key, uri: this.uriOf(key) }, total, facts);
        const stream = answer.readableStreamBody;
        return { info, body: wholeBody(stream ? bytesOf(stream) : nothing(), { bytes, key, signal }) };
      } catch (error) {
        if (blobErrorCode(error) === 'BlobNotFound') throw notFound(this.uriOf(key), error);
        if (range && blobErrorStatus(error) === 416)
          throw rangeBehindEnd(this.uriOf(key), range.first, undefined, error);
        throw error;
      }
    });
  }

  doHead(key: string, options: { readonly signal: AbortSignal }): Promise<ObjectInfo | undefined> {
    return abortable(options.signal, async () => {
      try {
        const facts = await this.#blob(key).getProperties({ abortSignal: options.signal });
        return objectInfo({ key, uri: this.uriOf(key) }, facts.contentLength ?? 0, facts);
      } catch (error) {
        if (blobErrorCode(error) === 'BlobNotFound') return undefined;
        throw error;
      }
    });
  }

  doDelete(key: string, options: { readonly signal: AbortSignal }): Promise<void> {
    return abortable(options.signal, async () => {
      try {
        await this.#blob(key).delete({ abortSignal: options.signal, deleteSnapshots: 'include' });
      } catch (error) {
        if (blobErrorCode(error) !== 'BlobNotFound') throw error;
      }
    });
  }

  doList(
    prefix: string,
    options: { readonly cursor?: string | undefined; readonly limit: number; readonly signal: AbortSignal },
  ): Promise<{ readonly objects: readonly ObjectInfo[]; readonly cursor?: string | undefined }> {
    const { cursor, limit, signal } = options;
    return abortable(signal, async () => {
      const { client, container, prefix: root } = this.#settings;
      const pages = client
        .getContainerClient(container)
        .listBlobsFlat({ prefix: root + prefix, includeMetadata: true, abortSignal: signal })
        .byPage({ maxPageSize: Math.min(limit, 5000), ...(cursor === undefined ? {} : { continuationToken: cursor }) });
      const { value: page } = await pages.next();
      const items = page?.segment.blobItems ?? [];
      const objects = items.map(({ name, properties, metadata }: (typeof items)[number]) => {
        const key = name.slice(root.length);
        return objectInfo({ key, uri: this.uriOf(key) }, properties.contentLength ?? 0, { ...properties, metadata });
      });
      return { objects, cursor: page?.continuationToken || undefined };
    });
  }

  async doPresignRead(
    key: string,
    options: { readonly expiresInMs: number; readonly signal: AbortSignal },
  ): Promise<string> {
    const { expiresInMs, signal } = options;
    if (!this.capabilities.presignRead) throw cannotSign('links');
    checkLinkLifetime(expiresInMs);
    return abortable(signal, () => signedReadUrl(this.#settings.client, this.#blob(key), options));
  }

  doCopyFrom(sourceUri: string, key: string, options: { readonly signal: AbortSignal }): Promise<ObjectInfo> {
    const { signal } = options;
    return abortable(signal, async () => {
      if (this.capabilities.serverSideCopyFrom.length === 0) throw cannotSign('copies');
      await copyFrom({ settings: this.#settings, sourceUri, target: this.#blob(key), signal });
      const info = await this.doHead(key, { signal });
      if (!info) throw notFound(this.uriOf(key));
      return info;
    });
  }

  classifyError(error: unknown): Classification {
    return classifyBlobError(error);
  }

  native(): BlobServiceClient {
    return this.#settings.client;
  }

  /** The client holds nothing that has to be closed. */
  async close(): Promise<void> {}

  #blob(key: string): BlockBlobClient {
    const { client, container, prefix } = this.#settings;
    return client.getContainerClient(container).getBlockBlobClient(prefix + key);
  }
}

function cannotSign(what: string): OnRecordError {
  return new OnRecordError('unsupported', `A store made from a SAS makes no ${what}.`, {
    remedy: 'Give it a connection string with the account key, or a client with a token credential.',
  });
}

/** The SDK types the chunks of a Node stream as text or bytes; a download has bytes. */
async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
