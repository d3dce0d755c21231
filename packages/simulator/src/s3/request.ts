import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { settingOperation } from './bucket-setting-routes.ts';
import { S3Error } from './error.ts';

/** The operations that the simulator serves, named as in the S3 API. Anything else is `Unsupported`. */
export type S3Operation =
  | 'CreateBucket'
  | 'HeadBucket'
  | 'ListObjectsV2'
  | 'DeleteObjects'
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CopyObject'
  | 'PutObjectTagging'
  | 'GetObjectTagging'
  | 'DeleteObjectTagging'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'ListMultipartUploads'
  | 'GetBucketPolicy'
  | 'PutBucketPolicy'
  | 'DeleteBucketPolicy'
  | 'GetBucketLocation'
  | 'GetBucketEncryption'
  | 'PutBucketEncryption'
  | 'GetBucketOwnershipControls'
  | 'PutBucketOwnershipControls'
  | 'GetPublicAccessBlock'
  | 'PutPublicAccessBlock'
  | 'Unsupported';

export interface S3Request {
  readonly operation: S3Operation;
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly bucket: string;
  /** Decoded; '' for a bucket operation. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** As received, which is what a signature covers. */
  readonly received: IncomingHttpHeaders;
  /** What counts: a presigned URL may carry `x-amz-*` headers in its query. */
  readonly headers: IncomingHttpHeaders;
}

/** Understands a path-style request; never throws. */
export function readRequest(message: IncomingMessage): S3Request {
  const { method = 'GET', url = '/', headers: received } = message;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const slash = path.indexOf('/', 1);
  const bucket = decodePath(slash < 0 ? path.slice(1) : path.slice(1, slash));
  const key = slash < 0 ? '' : decodePath(path.slice(slash + 1));
  const headers = query.has('X-Amz-Signature') ? { ...hoisted(query), ...received } : received;
  const operation = bucket === '' ? 'Unsupported' : operationOf(method, key !== '', query, headers);
  return { operation, method, url, bucket, key, query, received, headers };
}

function hoisted(query: URLSearchParams): IncomingHttpHeaders {
  return Object.fromEntries([...query].filter(([name]) => name.startsWith('x-amz-')));
}

/** Sub-resources of S3 that are not served, or of buckets only; without this list `GET ?acl` would pass for a GetObject. */
const UNSERVED: ReadonlySet<string> = new Set([
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'partNumber',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'torrent',
  'versionId',
  'versioning',
  'versions',
  'website',
]);

function operationOf(
  method: string,
  object: boolean,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): S3Operation {
  const copy = headers['x-amz-copy-source'] !== undefined;
  if (object && method === 'PUT' && query.has('uploadId') && query.has('partNumber')) {
    return copy ? 'UploadPartCopy' : 'UploadPart';
  }
  const setting = object ? undefined : settingOperation(method, query);
  if (setting) return setting;
  if ([...query.keys()].some((name) => UNSERVED.has(name))) return 'Unsupported';
  if (!object) {
    if (method === 'PUT') return query.has('tagging') ? 'Unsupported' : 'CreateBucket';
    if (method === 'HEAD') return 'HeadBucket';
    if (method === 'GET' && query.has('uploads')) return 'ListMultipartUploads';
    if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2';
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
    return 'Unsupported';
  }
  if (query.has('tagging')) {
    if (method === 'PUT') return 'PutObjectTagging';
    if (method === 'GET') return 'GetObjectTagging';
    return method === 'DELETE' ? 'DeleteObjectTagging' : 'Unsupported';
  }
  if (method === 'POST') {
    if (query.has('uploads')) return 'CreateMultipartUpload';
    return query.has('uploadId') ? 'CompleteMultipartUpload' : 'Unsupported';
  }
  if (query.has('uploadId')) {
    if (method === 'GET') return 'ListParts';
    return method === 'DELETE' ? 'AbortMultipartUpload' : 'Unsupported';
  }
  if (method === 'PUT') return copy ? 'CopyObject' : 'PutObject';
  if (method === 'GET') return 'GetObject';
  if (method === 'HEAD') return 'HeadObject';
  return method === 'DELETE' ? 'DeleteObject' : 'Unsupported';
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A header that may come once. */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/**
 * A whole number from the query within limits.
 * @throws {@link S3Error} `InvalidArgument`
 */
export function queryNumber(
  request: S3Request,
  name: string,
  fallback: number,
  limits: readonly [number, number],
): number {
  const text = request.query.get(name);
  if (text === null || text === '') return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < limits[0] || value > limits[1]) {
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      ArgumentName: name,
      ArgumentValue: text,
    });
  }
  return value;
}
