import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { OnRecordError } from '@onrecord/core';
import { Pool } from '../body/pool.ts';
import { abortedError } from '../errors/aborted.ts';
import { MAX_PARTS, type S3Settings } from './config.ts';
import { s3ErrorName } from './errors.ts';

export interface MultipartPut {
  readonly client: S3Client;
  readonly settings: S3Settings;
  readonly input: PutObjectCommandInput;
  readonly blocks: AsyncIterable<Buffer>;
  readonly signal: AbortSignal;
  /** Asked after a Complete without a clear answer: whether the object is there after all. */
  readonly arrived: () => Promise<boolean>;
}

/**
 * Uploads blocks as parts and completes them to one object, compared by S3 with a CRC-32 over all bytes. On any failure
 * the upload is aborted, so that S3 keeps neither the object nor, billed and invisible, its parts.
 * @returns undefined when the answer to Complete was lost and the object is there
 */
export async function putMultipart(put: MultipartPut): Promise<CompleteMultipartUploadCommandOutput | undefined> {
  const { client, input, signal, settings } = put;
  const { Bucket, Key, ExpectedBucketOwner, IfMatch, IfNoneMatch, ...described } = input;
  const place = { Bucket, Key, ExpectedBucketOwner };
  const created = await client.send(
    new CreateMultipartUploadCommand({
      ...place,
      ...described,
      ChecksumAlgorithm: 'CRC32',
      ChecksumType: 'FULL_OBJECT',
    }),
    { abortSignal: signal },
  );
  const upload = { ...place, UploadId: created.UploadId };
  const stop = new AbortController();
  const pool = new Pool(settings.parallelParts);
  try {
    const { parts, checksum } = await uploadParts(put, upload, pool, AbortSignal.any([signal, stop.signal]));
    if (signal.aborted) throw abortedError(signal);
    return await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        IfMatch,
        IfNoneMatch,
        MultipartUpload: { Parts: [...parts] },
        ChecksumCRC32: checksum,
        ChecksumType: 'FULL_OBJECT',
      }),
      { abortSignal: signal },
    );
  } catch (error) {
    stop.abort();
    // A part that ends after the abort would stay.
    await pool.settled();
    if (await put.arrived()) return undefined;
    await abortUpload(client, upload, error);
    if (await put.arrived()) return undefined;
    throw error;
  }
}

type UploadInput = Pick<PutObjectCommandInput, 'Bucket' | 'Key' | 'ExpectedBucketOwner'> & {
  readonly UploadId: string | undefined;
};

async function uploadParts(
  put: MultipartPut,
  upload: UploadInput,
  pool: Pool,
  abortSignal: AbortSignal,
): Promise<{ readonly parts: readonly CompletedPart[]; readonly checksum: string }> {
  const parts: CompletedPart[] = [];
  let running = 0;
  let number = 0;
  for await (const block of put.blocks) {
    running = crc32(block, running);
    number += 1;
    if (number > MAX_PARTS) throw tooManyParts(put.settings);
    const PartNumber = number;
    await pool.add(async () => {
      const command = new UploadPartCommand({ ...upload, PartNumber, Body: block });
      const { ETag, ChecksumCRC32 } = await put.client.send(command, { abortSignal });
      parts[PartNumber - 1] = { PartNumber, ETag, ChecksumCRC32 };
    });
  }
  await pool.drain();
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(running);
  return { parts, checksum: checksum.toString('base64') };
}

/** Parts that were on their way may arrive after an abort; how often it is repeated until they are gone. */
const ABORTS = 3;

/**
 * Discards an upload and its parts.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 * @throws OnRecordError `storage-failed` when they stay behind; `reason` is why the upload was given up
 */
export async function abortUpload(client: S3Client, upload: UploadInput, reason: unknown): Promise<void> {
  let obstacle: unknown = new Error('parts keep arriving');
  try {
    for (let attempt = 0; attempt < ABORTS; attempt++) {
      await client.send(new AbortMultipartUploadCommand(upload));
      const left = await client.send(new ListPartsCommand(upload)).catch(() => undefined);
      if (left === undefined) return;
    }
  } catch (error) {
    if (s3ErrorName(error) === 'NoSuchUpload') return;
    obstacle = error;
  }
  throw new OnRecordError(
    'storage-failed',
    `The put to ${upload.Key} failed, and its multipart upload could not be discarded: ${messageOf(reason)}; ${messageOf(obstacle)}.`,
    {
      retry: 'safe',
      blame: 'destination',
      remedy:
        'Let the bucket expire incomplete multipart uploads by a lifecycle rule; until then their parts are billed.',
      cause: reason,
      context: { uploadId: upload.UploadId },
    },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function tooManyParts(settings: S3Settings): OnRecordError {
  return new OnRecordError(
    'quota-exceeded',
    `The object has more than ${MAX_PARTS} parts of ${settings.partBytes} bytes.`,
    {
      remedy: 'Raise partBytes, or say how long the object is when you put it.',
    },
  );
}
