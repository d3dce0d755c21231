import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { OnRecordError } from '@onrecord/core';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Limits of S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_PARTS: number = 10_000;
const MIN_PART_BYTES = 5 * MIB;
const MAX_REQUEST_BYTES = 5 * GIB;

export interface S3Options {
  readonly bucket: string;
  /** Put before every key, e.g. `recordings/`. @default '' */
  readonly prefix?: string | undefined;
  /**
   * A client of yours, which stays yours to destroy, or the configuration of one (region, endpoint, credentials).
   * @default what the environment says, as the SDK reads it
   */
  readonly client?: S3Client | S3ClientConfig | undefined;
  /** Refuses a bucket of another account: 12 digits. @default not checked */
  readonly expectedBucketOwner?: string | undefined;
  /** An object of known length up to this goes out as one stream, which cannot be resumed. @default 5 GiB, the most S3 takes */
  readonly singlePutBytes?: number | undefined;
  /** Of a multipart upload; the largest object is 10 000 parts. @default 8 MiB, at least 5 MiB */
  readonly partBytes?: number | undefined;
  /** Parts on their way at once; each is in memory. @default 3 */
  readonly parallelParts?: number | undefined;
  /** A larger object is copied within S3 part by part. @default 5 GiB, the most S3 takes */
  readonly singleCopyBytes?: number | undefined;
}

/** Options with every default in place. */
export interface S3Settings {
  readonly bucket: string;
  readonly prefix: string;
  readonly expectedBucketOwner: string | undefined;
  readonly singlePutBytes: number;
  readonly partBytes: number;
  readonly parallelParts: number;
  readonly singleCopyBytes: number;
}

/** @throws OnRecordError `invalid-request` naming every option that cannot be */
export function s3Settings(options: S3Options): S3Settings {
  const settings: S3Settings = {
    bucket: options.bucket,
    prefix: options.prefix ?? '',
    expectedBucketOwner: options.expectedBucketOwner,
    singlePutBytes: options.singlePutBytes ?? MAX_REQUEST_BYTES,
    partBytes: options.partBytes ?? 8 * MIB,
    parallelParts: options.parallelParts ?? 3,
    singleCopyBytes: options.singleCopyBytes ?? MAX_REQUEST_BYTES,
  };
  const problems = [
    settings.bucket === '' && 'bucket is empty',
    settings.prefix.startsWith('/') && 'prefix begins with a slash',
    !within(settings.partBytes, MIN_PART_BYTES, MAX_REQUEST_BYTES) && 'partBytes is not between 5 MiB and 5 GiB',
    !within(settings.singlePutBytes, 0, MAX_REQUEST_BYTES) && 'singlePutBytes is not between 0 and 5 GiB',
    !within(settings.singleCopyBytes, 0, MAX_REQUEST_BYTES) && 'singleCopyBytes is not between 0 and 5 GiB',
    !within(settings.parallelParts, 1, 100) && 'parallelParts is not between 1 and 100',
  ].filter((problem) => problem !== false);
  if (problems.length > 0) {
    throw new OnRecordError('invalid-request', `The options of the S3 store are wrong: ${problems.join('; ')}.`);
  }
  return settings;
}

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
