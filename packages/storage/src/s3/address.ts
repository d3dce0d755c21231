import type { S3Settings } from './config.ts';

/** How a request names an object. */
export interface Address {
  readonly Bucket: string;
  /** With the prefix of the store. */
  readonly Key: string;
  readonly ExpectedBucketOwner: string | undefined;
}

export function addressOf({ bucket, prefix, expectedBucketOwner }: S3Settings, key: string): Address {
  return { Bucket: bucket, Key: prefix + key, ExpectedBucketOwner: expectedBucketOwner };
}
