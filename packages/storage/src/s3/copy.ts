import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { OnRecordError } from '@onrecord/core';
import { Pool } from '../body/pool.ts';
import { withoutToken } from '../body/put-token.ts';
import { MAX_PARTS, type S3Settings } from './config.ts';
import { abortUpload } from './put-multipart.ts';

export interface CopyRequest {
  readonly client: S3Client;
  readonly settings: S3Settings;
  readonly sourceUri: string;
  /** With the prefix of the store. */
  readonly targetKey: string;
  readonly signal: AbortSignal;
}

/**
 * Copies within S3, from any bucket that the credentials may read: in one request, or part by part over
 * `singleCopyBytes`. The copy is of the version that was there at the start.
 * @throws OnRecordError `unsupported` for a URI that is not of S3
 */
export async function copyFrom(request: CopyRequest): Promise<void> {
  const { client, settings, sourceUri, targetKey, signal } = request;
  const source = parseS3Uri(sourceUri);
  if (!source) throw new OnRecordError('unsupported', `S3 copies from s3: URIs only, not from ${sourceUri}.`);
  const head = await client.send(new HeadObjectCommand({ Bucket: source.bucket, Key: source.key }), {
    abortSignal: signal,
  });
  const from = {
    CopySource: `${source.bucket}/${source.key.split('/').map(encodeURIComponent).join('/')}`,
    CopySourceIfMatch: head.ETag,
  };
  const to = { Bucket: settings.bucket, Key: targetKey, ExpectedBucketOwner: settings.expectedBucketOwner };
  if ((head.ContentLength ?? 0) <= settings.singleCopyBytes) {
    await client.send(new CopyObjectCommand({ ...to, ...from }), { abortSignal: signal });
  } else {
    await copyParts(request, head, from, to);
  }
}

interface From {
  readonly CopySource: string;
  readonly CopySourceIfMatch: string | undefined;
}

interface To {
  readonly Bucket: string;
  readonly Key: string;
  readonly ExpectedBucketOwner: string | undefined;
}

async function copyParts(request: CopyRequest, head: HeadObjectCommandOutput, from: From, to: To): Promise<void> {
  const { client, settings, signal } = request;
  const bytes = head.ContentLength ?? 0;
  const partBytes = Math.max(settings.partBytes, Math.ceil(bytes / MAX_PARTS));
  const created = await client.send(
    new CreateMultipartUploadCommand({
      ...to,
      ContentType: head.ContentType,
      Metadata: { ...withoutToken(head.Metadata) },
    }),
    { abortSignal: signal },
  );
  const upload = { ...to, UploadId: created.UploadId };
  const pool = new Pool(settings.parallelParts);
  const parts: CompletedPart[] = [];
  try {
    for (let first = 0; first < bytes; first += partBytes) {
      const PartNumber = first / partBytes + 1;
      const CopySourceRange = `bytes=${first}-${Math.min(first + partBytes, bytes) - 1}`;
      await pool.add(async () => {
        const command = new UploadPartCopyCommand({ ...upload, ...from, PartNumber, CopySourceRange });
        const { CopyPartResult } = await client.send(command, { abortSignal: signal });
        parts[PartNumber - 1] = { PartNumber, ETag: CopyPartResult?.ETag };
      });
    }
    await pool.drain();
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    await pool.settled();
    await abortUpload(client, upload, error);
    throw error;
  }
}

/** Bucket and key of an `s3:` URI, whose key stands as it is, not percent-encoded. */
export function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  return bucket && key ? { bucket, key } : undefined;
}
