import { S3Error } from './error.ts';
import { header, type S3Request } from './request.ts';
import { KEPT_HEADERS, type ObjectProperties, type StoredObject } from './stored-object.ts';

const META = 'x-amz-meta-';
const METADATA_LIMIT = 2048;
const KEY_LIMIT = 1024;

/** Query parameters that override headers of a GET; S3 allows them on signed requests only. */
const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/**
 * What a write request says about its object.
 * @throws {@link S3Error} `KeyTooLongError`, `InvalidArgument`, `InvalidRequest` over 2 KiB of user metadata
 */
export function readProperties(request: S3Request): ObjectProperties {
  if (Buffer.byteLength(request.key) > KEY_LIMIT)
    throw new S3Error('KeyTooLongError', undefined, { MaxSizeAllowed: '1024' });
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = name === 'content-encoding' ? storedEncoding(request) : header(request, name);
    if (value !== undefined && value !== '') headers[name] = value;
  }
  const metadata: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of Object.entries(request.headers)) {
    if (!name.startsWith(META) || value === undefined) continue;
    const text = Array.isArray(value) ? value.join(',') : value;
    metadata[name.slice(META.length)] = text;
    size += Buffer.byteLength(name.slice(META.length)) + Buffer.byteLength(text);
  }
  if (size > METADATA_LIMIT) {
    throw new S3Error('InvalidRequest', 'Your metadata headers exceed the maximum allowed metadata size (2048 bytes)');
  }
  const tags = parseTags(header(request, 'x-amz-tagging'));
  return { contentType: header(request, 'content-type') ?? 'binary/octet-stream', metadata, headers, tags };
}

/** Headers that describe an object in the answer to a GET or HEAD. */
export function describeObject(request: S3Request, object: StoredObject): Record<string, string> {
  const described: Record<string, string> = {
    'accept-ranges': 'bytes',
    'content-type': object.contentType,
    etag: object.etag,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'x-amz-server-side-encryption': 'AES256',
    ...object.headers,
  };
  for (const [name, value] of Object.entries(object.metadata)) described[`${META}${name}`] = value;
  const tagCount = Object.keys(object.tags).length;
  if (tagCount > 0) described['x-amz-tagging-count'] = String(tagCount);
  for (const name of OVERRIDES) {
    const override = request.query.get(`response-${name}`);
    if (override !== null) described[name] = override;
  }
  return described;
}

/** `aws-chunked` frames the transfer and is never stored. */
function storedEncoding(request: S3Request): string | undefined {
  const parts = header(request, 'content-encoding')?.split(',') ?? [];
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
}

/** `a=1&b=2`, at most 10 pairs. */
function parseTags(text: string | undefined): Readonly<Record<string, string>> {
  return checkTags([...new URLSearchParams(text ?? '')]);
}

/** @throws {@link S3Error} `InvalidArgument` over 10 tags or for a name that comes twice */
export function checkTags(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  if (pairs.length > 10) throw new S3Error('InvalidArgument', 'Object tags cannot be greater than 10');
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length < pairs.length)
    throw new S3Error('InvalidArgument', 'Cannot provide multiple Tags with the same key');
  return tags;
}
