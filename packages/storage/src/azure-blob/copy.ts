import { randomUUID } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { OnRecordError } from '@onrecord/core';
import { Pool } from '../body/pool.ts';
import { conflicting } from '../errors/conditions.ts';
import type { AzureBlobSettings } from './config.ts';
import { signedReadUrl } from './signing.ts';

/** One request copies up to this; the service allows 4000 MiB, and smaller ones fail and repeat more cheaply. */
const COPY_BYTES = 256 * 1024 * 1024;
/** How long the service may take to read the source. */
const LINK_MS = 3_600_000;

export interface BlobCopyRequest {
  readonly settings: AzureBlobSettings;
  readonly sourceUri: string;
  readonly target: BlockBlobClient;
  readonly signal: AbortSignal;
}

/**
 * Copies a blob of the same account in blocks that become visible together.
 * @throws OnRecordError `unsupported` for any other URI, `conflict` when the source changes meanwhile
 */
export async function copyFrom(request: BlobCopyRequest): Promise<void> {
  const { settings, sourceUri, target, signal } = request;
  const { client } = settings;
  const [, account, container, key] = /^azblob:\/\/([^/]+)\/([^/]+)\/(.+)$/s.exec(sourceUri) ?? [];
  if (account !== client.accountName || container === undefined || key === undefined) {
    throw new OnRecordError(
      'unsupported',
      `Azure Blob copies from azblob://${client.accountName}/… only, not from ${sourceUri}.`,
    );
  }
  const source = client.getContainerClient(container).getBlobClient(key);
  const before = await source.getProperties({ abortSignal: signal });
  const url = await signedReadUrl(client, source, { expiresInMs: LINK_MS, signal });
  const bytes = before.contentLength ?? 0;
  const copy = randomUUID();
  const ids: string[] = [];
  const pool = new Pool(settings.parallelBlocks);
  try {
    for (let at = 0; at < bytes; at += COPY_BYTES) {
      const id = Buffer.from(`${copy}-${String(ids.length).padStart(5, '0')}`).toString('base64');
      ids.push(id);
      await pool.add(async () => {
        await target.stageBlockFromURL(id, url, at, Math.min(COPY_BYTES, bytes - at), { abortSignal: signal });
      });
    }
    await pool.drain();
  } finally {
    await pool.settled();
  }
  const after = await source.getProperties({ abortSignal: signal });
  if (after.etag !== before.etag) throw conflicting(sourceUri);
  await target.commitBlockList(ids, {
    abortSignal: signal,
    metadata: before.metadata ?? {},
    blobHTTPHeaders: {
      ...(before.contentType === undefined ? {} : { blobContentType: before.contentType }),
      ...(before.contentMD5 && { blobContentMD5: before.contentMD5 }),
    },
  });
}
