import type { Answer } from '../http/endpoint.ts';
import type { VerifiedBody } from './body.ts';
import { S3Error } from './error.ts';
import { header, queryNumber, type S3Request } from './request.ts';
import { compareKeys, type S3Store } from './store.ts';
import type { StoredObject } from './stored-object.ts';
import { element, group, xmlResult } from './xml.ts';
import { children, childText, parseXml } from './xml-body.ts';

const XML = { 'content-type': 'application/xml' };

export function createBucket(store: S3Store, request: S3Request): Answer {
  store.createBucket(request.bucket);
  return { status: 200, headers: { location: `/${request.bucket}` } };
}

export function headBucket(store: S3Store, request: S3Request, region: string): Answer {
  const own = store.settings(request.bucket).region ?? region;
  return { status: 200, headers: { 'x-amz-bucket-region': own } };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(store: S3Store, request: S3Request): Answer {
  const { bucket, query } = request;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const startAfter = query.get('start-after');
  const token = query.get('continuation-token');
  const maxKeys = Math.min(1000, queryNumber(request, 'max-keys', 1000, [0, 2 ** 31 - 1]));
  const encode = encoder(query.get('encoding-type'));
  const after = token === null ? (startAfter ?? '') : readToken(token);

  const page = pageOf(store.list(bucket, prefix), { prefix, delimiter, after, maxKeys });
  const contents = page.objects.map((object) =>
    group('Contents', [
      element('Key', encode(object.key)),
      element('LastModified', new Date(object.lastModified).toISOString()),
      element('ETag', object.etag),
      object.checksum ? element('ChecksumAlgorithm', object.checksum.algorithm) : '',
      object.checksum ? element('ChecksumType', object.checksum.type) : '',
      element('Size', object.bytes.byteLength),
      element('StorageClass', object.headers['x-amz-storage-class'] ?? 'STANDARD'),
    ]),
  );
  const body = xmlResult('ListBucketResult', [
    element('Name', bucket),
    element('Prefix', encode(prefix)),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('StartAfter', startAfter === null ? undefined : encode(startAfter)),
    element('EncodingType', query.get('encoding-type') ?? undefined),
    element('ContinuationToken', token ?? undefined),
    element('NextContinuationToken', page.last === undefined ? undefined : Buffer.from(page.last).toString('base64')),
    element('KeyCount', page.objects.length + page.prefixes.length),
    element('MaxKeys', maxKeys),
    element('IsTruncated', page.last !== undefined),
    ...contents,
    ...page.prefixes.map((common) => group('CommonPrefixes', [element('Prefix', encode(common))])),
  ]);
  return { status: 200, headers: XML, body };
}

interface Page {
  readonly objects: readonly StoredObject[];
  readonly prefixes: readonly string[];
  /** Where the next page goes on; undefined on the last. */
  readonly last: string | undefined;
}

interface PageQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly after: string;
  readonly maxKeys: number;
}

function pageOf(sorted: readonly StoredObject[], { prefix, delimiter, after, maxKeys }: PageQuery): Page {
  const objects: StoredObject[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  for (const object of sorted) {
    const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : object.key.slice(0, cut + delimiter.length);
    const entry = common ?? object.key;
    if (compareKeys(entry, after) <= 0 || entry === prefixes.at(-1)) continue;
    if (objects.length + prefixes.length === maxKeys) return { objects, prefixes, last };
    if (common === undefined) objects.push(object);
    else prefixes.push(common);
    last = entry;
  }
  return { objects, prefixes, last: undefined };
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (text === '' || Buffer.from(text).toString('base64') !== token) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
      ArgumentName: 'continuation-token',
    });
  }
  return text;
}

function encoder(type: string | null): (text: string) => string {
  if (type === null) return (text) => text;
  if (type !== 'url') throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+');
}

export function deleteObjects(store: S3Store, request: S3Request, body: VerifiedBody): Answer {
  if (body.checksum === undefined && header(request, 'content-md5') === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5');
  }
  const root = parseXml(body.bytes, 'Delete');
  const keys = children(root, 'Object').map((object) => childText(object, 'Key') ?? '');
  if (keys.length === 0 || keys.length > 1000 || keys.includes('')) throw new S3Error('MalformedXML');
  store.objects(request.bucket);
  for (const key of keys) store.remove(request.bucket, key);
  const quiet = childText(root, 'Quiet') === 'true';
  const deleted = quiet ? [] : keys.map((key) => group('Deleted', [element('Key', key)]));
  return { status: 200, headers: XML, body: xmlResult('DeleteResult', deleted) };
}
