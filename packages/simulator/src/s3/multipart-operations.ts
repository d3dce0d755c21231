import type { Answer } from '../http/endpoint.ts';
import type { VerifiedBody } from './body.ts';
import { type ChecksumAlgorithm, checksumHeader, checksumOf, type ObjectChecksum, parseAlgorithm } from './checksum.ts';
import { checkWrite } from './conditions.ts';
import { S3Error } from './error.ts';
import { checksumHeaders, copyResult, copySource, encryption } from './object-operations.ts';
import { readProperties } from './properties.ts';
import { parseCopyRange } from './range.ts';
import { header, queryNumber, type S3Request } from './request.ts';
import type { S3Store } from './store.ts';
import {
  type MultipartUpload,
  multipartChecksum,
  multipartEtag,
  simpleEtag,
  type UploadedPart,
} from './stored-object.ts';
import { element, group, xmlResult } from './xml.ts';
import { children, childText, parseXml } from './xml-body.ts';

const XML = { 'content-type': 'application/xml' };
const MAX_PARTS = 10_000;

export interface MultipartRules {
  readonly minPartBytes: number;
  readonly repeatedComplete: 'succeeds' | 'no-such-upload';
}

export function createMultipartUpload(store: S3Store, request: S3Request): Answer {
  const { bucket, key } = request;
  const algorithm = parseAlgorithm(header(request, 'x-amz-checksum-algorithm'));
  const type = header(request, 'x-amz-checksum-type') === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE';
  if (algorithm && algorithm !== 'CRC32' && type === 'FULL_OBJECT') {
    throw new S3Error(
      'InvalidRequest',
      `The FULL_OBJECT checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  const upload = store.openUpload(bucket, key, readProperties(request), algorithm && { algorithm, type });
  const answered = algorithm ? { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': type } : {};
  const body = xmlResult('InitiateMultipartUploadResult', [
    element('Bucket', bucket),
    element('Key', key),
    element('UploadId', upload.uploadId),
  ]);
  return { status: 200, headers: { ...XML, ...encryption(upload.properties), ...answered }, body };
}

export function uploadPart(store: S3Store, request: S3Request, body: VerifiedBody): Answer {
  const upload = findUpload(store, request);
  const expected = upload.checksum?.algorithm;
  if (expected && body.checksum && body.checksum.algorithm !== expected) {
    throw new S3Error(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${body.checksum.algorithm.toLowerCase()}`,
    );
  }
  const part = addPart(store, upload, request, body.bytes, body.checksum?.algorithm);
  return {
    status: 200,
    headers: { etag: part.etag, ...encryption(upload.properties), ...checksumHeaders(part.checksum) },
  };
}

export function uploadPartCopy(store: S3Store, request: S3Request): Answer {
  const upload = findUpload(store, request);
  const source = copySource(store, request);
  const range = parseCopyRange(header(request, 'x-amz-copy-source-range'), source.bytes.byteLength);
  const part = addPart(store, upload, request, source.bytes.subarray(range.first, range.last + 1), undefined);
  return { status: 200, headers: XML, body: copyResult('CopyPartResult', part) };
}

function addPart(
  store: S3Store,
  upload: MultipartUpload,
  request: S3Request,
  bytes: Uint8Array,
  sent: ChecksumAlgorithm | undefined,
): UploadedPart {
  const number = queryNumber(request, 'partNumber', 0, [1, MAX_PARTS]);
  const algorithm = upload.checksum?.algorithm ?? sent;
  const checksum: ObjectChecksum | undefined = algorithm && {
    algorithm,
    type: 'FULL_OBJECT',
    value: checksumOf(algorithm, bytes),
  };
  const part: UploadedPart = { number, bytes, etag: simpleEtag(bytes), lastModified: store.now(), checksum };
  upload.parts.set(number, part);
  return part;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export function completeMultipartUpload(
  store: S3Store,
  request: S3Request,
  body: VerifiedBody,
  rules: MultipartRules,
): Answer {
  const { bucket, key } = request;
  const uploadId = request.query.get('uploadId') ?? '';
  const finished = store.finishedUpload(bucket, key, uploadId);
  if (finished !== undefined && rules.repeatedComplete === 'succeeds')
    return completed(bucket, key, finished, undefined);
  const upload = findUpload(store, request);
  const parts = chosenParts(upload, body.bytes);
  const small = parts.slice(0, -1).find((part) => part.bytes.byteLength < rules.minPartBytes);
  if (small) {
    throw new S3Error('EntityTooSmall', undefined, {
      ProposedSize: String(small.bytes.byteLength),
      MinSizeAllowed: String(rules.minPartBytes),
      PartNumber: String(small.number),
    });
  }
  const bytes = Buffer.concat(parts.map((part) => part.bytes));
  const size = header(request, 'x-amz-mp-object-size');
  if (size !== undefined && Number(size) !== bytes.byteLength) {
    throw new S3Error(
      'InvalidRequest',
      'The provided x-amz-mp-object-size does not match the size of the uploaded parts.',
    );
  }
  const checksum = multipartChecksum(upload, parts, bytes);
  const claimed = checksum && header(request, checksumHeader(checksum.algorithm));
  if (claimed !== undefined && claimed !== checksum?.value) throw new S3Error('BadDigest');
  checkWrite(request, store.find(bucket, key));
  const etag = multipartEtag(parts);
  store.save(
    { ...upload.properties, bucket, key, bytes, etag, lastModified: store.now(), checksum },
    'ObjectCreated:CompleteMultipartUpload',
  );
  store.closeUpload(upload, etag);
  return completed(bucket, key, etag, checksum);
}

function completed(bucket: string, key: string, etag: string, checksum: ObjectChecksum | undefined): Answer {
  const body = xmlResult('CompleteMultipartUploadResult', [
    element('Location', `/${bucket}/${encodeURIComponent(key)}`),
    element('Bucket', bucket),
    element('Key', key),
    element('ETag', etag),
    checksum ? element(`Checksum${checksum.algorithm}`, checksum.value) : '',
    element('ChecksumType', checksum?.type),
  ]);
  return { status: 200, headers: XML, body };
}

/** The parts that a Complete lists, each compared with what was uploaded. */
function chosenParts(upload: MultipartUpload, body: Uint8Array): readonly UploadedPart[] {
  const listed = children(parseXml(body, 'CompleteMultipartUpload'), 'Part');
  if (listed.length === 0) throw new S3Error('MalformedXML');
  let previous = 0;
  return listed.map((entry) => {
    const number = Number(childText(entry, 'PartNumber'));
    if (!Number.isInteger(number) || number < 1) throw new S3Error('MalformedXML');
    if (number <= previous) throw new S3Error('InvalidPartOrder', undefined, { UploadId: upload.uploadId });
    previous = number;
    const part = upload.parts.get(number);
    const etag = childText(entry, 'ETag')?.replace(/^"|"$/g, '');
    const wrong = { UploadId: upload.uploadId, PartNumber: String(number), ETag: etag ?? '' };
    if (!part || part.etag.slice(1, -1) !== etag) throw new S3Error('InvalidPart', undefined, wrong);
    const algorithm = upload.checksum?.algorithm ?? part.checksum?.algorithm;
    const checksum = algorithm && childText(entry, `Checksum${algorithm}`);
    if (checksum !== undefined && checksum !== part.checksum?.value) throw new S3Error('InvalidPart', undefined, wrong);
    if (upload.checksum?.type === 'COMPOSITE' && checksum === undefined) {
      throw new S3Error(
        'InvalidRequest',
        `The upload was created using a ${upload.checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    return part;
  });
}

export function abortMultipartUpload(store: S3Store, request: S3Request): Answer {
  store.closeUpload(findUpload(store, request));
  return { status: 204 };
}

export function listParts(store: S3Store, request: S3Request): Answer {
  const upload = findUpload(store, request);
  const marker = queryNumber(request, 'part-number-marker', 0, [0, MAX_PARTS]);
  const maxParts = Math.min(1000, queryNumber(request, 'max-parts', 1000, [0, 2 ** 31 - 1]));
  const parts = [...upload.parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
  const page = parts.slice(0, maxParts);
  const body = xmlResult('ListPartsResult', [
    element('Bucket', upload.bucket),
    element('Key', upload.key),
    element('UploadId', upload.uploadId),
    element('StorageClass', 'STANDARD'),
    element('PartNumberMarker', marker),
    element('NextPartNumberMarker', page.at(-1)?.number ?? 0),
    element('MaxParts', maxParts),
    element('IsTruncated', parts.length > page.length),
    ...page.map((part) =>
      group('Part', [
        element('PartNumber', part.number),
        element('LastModified', new Date(part.lastModified).toISOString()),
        element('ETag', part.etag),
        element('Size', part.bytes.byteLength),
        part.checksum ? element(`Checksum${part.checksum.algorithm}`, part.checksum.value) : '',
      ]),
    ),
  ]);
  return { status: 200, headers: XML, body };
}

/** All open uploads at once, up to 1000; the markers are not served. */
export function listMultipartUploads(store: S3Store, request: S3Request): Answer {
  const { bucket, query } = request;
  if (query.has('key-marker') || query.has('upload-id-marker') || query.has('delimiter')) {
    throw new S3Error('NotImplemented', 'The simulator lists open uploads without markers and delimiter.');
  }
  const prefix = query.get('prefix') ?? '';
  const open = store.openUploads(bucket).filter((upload) => upload.key.startsWith(prefix));
  const page = open.slice(0, 1000);
  const body = xmlResult('ListMultipartUploadsResult', [
    element('Bucket', bucket),
    element('Prefix', prefix),
    element('MaxUploads', 1000),
    element('IsTruncated', open.length > page.length),
    ...page.map((upload) =>
      group('Upload', [
        element('Key', upload.key),
        element('UploadId', upload.uploadId),
        element('StorageClass', 'STANDARD'),
        element('Initiated', new Date(upload.initiated).toISOString()),
      ]),
    ),
  ]);
  return { status: 200, headers: XML, body };
}

function findUpload(store: S3Store, request: S3Request): MultipartUpload {
  return store.upload(request.bucket, request.key, request.query.get('uploadId') ?? '');
}
