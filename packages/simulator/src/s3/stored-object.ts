import { createHash } from 'node:crypto';
import { checksumOf, type ObjectChecksum } from './checksum.ts';

/** Headers kept with an object and given back with it. */
export const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-storage-class',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-website-redirect-location',
] as const;

/** What travels with an object beside its bytes. */
export interface ObjectProperties {
  readonly contentType: string;
  /** User metadata, names in lower case without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Of {@link KEPT_HEADERS}. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectProperties {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Uint8Array;
  /** In quotes, as on the wire. */
  readonly etag: string;
  /** Epoch ms. */
  readonly lastModified: number;
  readonly checksum?: ObjectChecksum | undefined;
}

/** An upload in progress. */
export interface MultipartUpload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: number;
  readonly properties: ObjectProperties;
  readonly checksum?: Pick<ObjectChecksum, 'algorithm' | 'type'> | undefined;
  readonly parts: Map<number, UploadedPart>;
}

export interface UploadedPart {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum?: ObjectChecksum | undefined;
}

/** ETag of bytes stored in one request: their MD5. */
export function simpleEtag(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

/** ETag of a completed multipart upload: the MD5 of its parts' MD5s, then the number of parts. */
export function multipartEtag(parts: readonly UploadedPart[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(part.etag.slice(1, -1), 'hex'));
  return `"${hash.digest('hex')}-${parts.length}"`;
}

/**
 * Checksum of a completed upload: over all bytes (`FULL_OBJECT`), or over the parts' checksums with their number behind
 * (`COMPOSITE`).
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function multipartChecksum(
  upload: MultipartUpload,
  parts: readonly UploadedPart[],
  bytes: Uint8Array,
): ObjectChecksum | undefined {
  if (!upload.checksum) return undefined;
  const { algorithm, type } = upload.checksum;
  if (type === 'FULL_OBJECT') return { algorithm, type, value: checksumOf(algorithm, bytes) };
  const digests = parts.map((part) => Buffer.from(part.checksum?.value ?? checksumOf(algorithm, part.bytes), 'base64'));
  return { algorithm, type, value: `${checksumOf(algorithm, Buffer.concat(digests))}-${parts.length}` };
}
