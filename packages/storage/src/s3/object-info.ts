import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectInfo } from '@onrecord/core';
import { withoutToken } from '../body/put-token.ts';

export interface Place {
  readonly key: string;
  readonly uri: string;
}

type Described = Pick<
  HeadObjectCommandOutput,
  'ETag' | 'ContentType' | 'Metadata' | 'LastModified' | 'ChecksumCRC32' | 'ChecksumSHA256' | 'ChecksumType'
>;

/** What S3 says about an object in the answer to a request for it. */
export function objectInfo(place: Place, bytes: number, answer: Described): ObjectInfo {
  return {
    ...place,
    bytes,
    etag: answer.ETag ?? '',
    contentType: answer.ContentType,
    metadata: withoutToken(answer.Metadata),
    modifiedAt: answer.LastModified?.toISOString(),
    checksum: checksum(answer),
  };
}

/** A checksum over the whole object; one over the checksums of its parts says nothing about a copy elsewhere. */
export function checksum(answer: Described): ObjectInfo['checksum'] {
  if (answer.ChecksumType === 'COMPOSITE') return undefined;
  const [algorithm, value] = answer.ChecksumSHA256
    ? (['sha256', answer.ChecksumSHA256] as const)
    : (['crc32', answer.ChecksumCRC32] as const);
  if (value === undefined || value.includes('-')) return undefined;
  return { algorithm, hex: Buffer.from(value, 'base64').toString('hex') };
}
