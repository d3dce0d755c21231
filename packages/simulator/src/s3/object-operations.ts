import type { Answer } from '../http/endpoint.ts';
import type { VerifiedBody } from './body.ts';
import { checksumHeader, checksumOf, type ObjectChecksum, parseAlgorithm } from './checksum.ts';
import { checkCopySource, checkDelete, checkRead, checkWrite } from './conditions.ts';
import { S3Error } from './error.ts';
import { describeObject, readProperties } from './properties.ts';
import { parseRange } from './range.ts';
import { header, type S3Request } from './request.ts';
import type { S3Store } from './store.ts';
import { type ObjectProperties, type StoredObject, simpleEtag } from './stored-object.ts';
import { element, xmlResult } from './xml.ts';

export function putObject(store: S3Store, request: S3Request, body: VerifiedBody): Answer {
  const { bucket, key } = request;
  const properties = readProperties(request);
  checkWrite(request, store.find(bucket, key));
  const { bytes, checksum } = body;
  const object = { ...properties, bucket, key, bytes, etag: simpleEtag(bytes), lastModified: store.now(), checksum };
  store.save(object, 'ObjectCreated:Put');
  return { status: 200, headers: { etag: object.etag, ...encryption(object), ...checksumHeaders(checksum) } };
}

export function getObject(store: S3Store, request: S3Request): Answer {
  const object = store.get(request.bucket, request.key);
  if (checkRead(request, object) === 'not-modified') return { status: 304, headers: { etag: object.etag } };
  const size = object.bytes.byteLength;
  const range = parseRange(header(request, 'range'), size);
  const described = describeObject(request, object);
  if (range) {
    const headers = { ...described, 'content-range': `bytes ${range.first}-${range.last}/${size}` };
    return { status: 206, headers, body: object.bytes.subarray(range.first, range.last + 1) };
  }
  // Only a whole body can be compared with the stored checksum.
  const asked = header(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    status: 200,
    headers: { ...described, ...(asked ? checksumHeaders(object.checksum) : {}) },
    body: object.bytes,
  };
}

export function deleteObject(store: S3Store, request: S3Request): Answer {
  checkDelete(request, store.find(request.bucket, request.key));
  store.remove(request.bucket, request.key);
  return { status: 204 };
}

export function copyObject(store: S3Store, request: S3Request): Answer {
  const { bucket, key } = request;
  const source = copySource(store, request);
  const directive = (name: string) => header(request, name) ?? 'COPY';
  const own = readProperties(request);
  const replace = directive('x-amz-metadata-directive') === 'REPLACE';
  if (source.bucket === bucket && source.key === key && !replace && Object.keys(own.headers).length === 0) {
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  checkWrite(request, store.find(bucket, key));
  const kept: ObjectProperties = replace ? own : { ...source, headers: { ...source.headers, ...own.headers } };
  const tags = directive('x-amz-tagging-directive') === 'REPLACE' ? own.tags : source.tags;
  const algorithm = parseAlgorithm(header(request, 'x-amz-checksum-algorithm')) ?? source.checksum?.algorithm;
  const checksum: ObjectChecksum | undefined = algorithm && {
    algorithm,
    type: 'FULL_OBJECT',
    value: checksumOf(algorithm, source.bytes),
  };
  const object: StoredObject = {
    contentType: kept.contentType,
    metadata: kept.metadata,
    headers: kept.headers,
    tags,
    bucket,
    key,
    bytes: source.bytes,
    etag: simpleEtag(source.bytes),
    lastModified: store.now(),
    checksum,
  };
  store.save(object, 'ObjectCreated:Copy');
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...encryption(object) },
    body: copyResult('CopyObjectResult', object),
  };
}

/** Body of a CopyObject and an UploadPartCopy answer. */
export function copyResult(root: string, made: Pick<StoredObject, 'etag' | 'lastModified' | 'checksum'>): string {
  const { etag, lastModified, checksum } = made;
  return xmlResult(root, [
    element('ETag', etag),
    element('LastModified', new Date(lastModified).toISOString()),
    checksum ? element(`Checksum${checksum.algorithm}`, checksum.value) : '',
  ]);
}

/**
 * The object that `x-amz-copy-source` names (`bucket/key`, percent-encoded, a slash before it or not).
 * @throws {@link S3Error} `NoSuchKey`, `NoSuchBucket`, `InvalidArgument`, `PreconditionFailed`
 */
export function copySource(store: S3Store, request: S3Request): StoredObject {
  const [path = '', version] = (header(request, 'x-amz-copy-source') ?? '').split('?', 2);
  if (version !== undefined) throw new S3Error('NotImplemented', 'The simulator keeps no versions.');
  const match = /^\/?([^/]+)\/(.+)$/.exec(decodeURIComponent(path));
  const [, bucket, key] = match ?? [];
  if (!bucket || !key) {
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  }
  const source = store.get(bucket, key);
  checkCopySource(request, source);
  return source;
}

export function checksumHeaders(checksum: ObjectChecksum | undefined): Record<string, string> {
  return checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};
}

/** Server-side encryption as stored, echoed on writes; every S3 object is encrypted, AES256 unless asked otherwise. */
export function encryption(properties: ObjectProperties): Record<string, string> {
  const kept = Object.entries(properties.headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption'));
  return { 'x-amz-server-side-encryption': 'AES256', ...Object.fromEntries(kept) };
}
