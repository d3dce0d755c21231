import { S3Error } from './error.ts';
import { header, type S3Request } from './request.ts';
import type { StoredObject } from './stored-object.ts';

/**
 * `If-None-Match: *` and `If-Match` of a write, against what is stored now.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @throws {@link S3Error} `PreconditionFailed`, `NoSuchKey` for If-Match on nothing, `NotImplemented` for other tags
 */
export function checkWrite(request: S3Request, current: StoredObject | undefined): void {
  const noneMatch = header(request, 'if-none-match');
  const match = header(request, 'if-match');
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw new S3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: 'If-None-Match',
    });
  }
  if (noneMatch !== undefined && current) throw failed('If-None-Match');
  if (match === undefined) return;
  if (!current) throw new S3Error('NoSuchKey', undefined, { Key: request.key });
  if (!matches(match, current.etag)) throw failed('If-Match');
}

/** `If-Match` of a DeleteObject: deleting nothing meets no condition. */
export function checkDelete(request: S3Request, current: StoredObject | undefined): void {
  const match = header(request, 'if-match');
  if (match !== undefined && current && !matches(match, current.etag)) throw failed('If-Match');
}

/**
 * Conditions of a GET or HEAD.
 * @returns `'not-modified'` when the answer is 304.
 * @throws {@link S3Error} `PreconditionFailed`
 */
export function checkRead(request: S3Request, object: StoredObject): 'read' | 'not-modified' {
  const match = header(request, 'if-match');
  if (match !== undefined && !matches(match, object.etag)) throw failed('If-Match');
  const unmodifiedSince = seconds(header(request, 'if-unmodified-since'));
  if (match === undefined && unmodifiedSince !== undefined && changedAt(object) > unmodifiedSince) {
    throw failed('If-Unmodified-Since');
  }
  const noneMatch = header(request, 'if-none-match');
  if (noneMatch !== undefined) return matches(noneMatch, object.etag) ? 'not-modified' : 'read';
  const modifiedSince = seconds(header(request, 'if-modified-since'));
  return modifiedSince !== undefined && changedAt(object) <= modifiedSince ? 'not-modified' : 'read';
}

/** Conditions on the source of a copy. */
export function checkCopySource(request: S3Request, source: StoredObject): void {
  const match = header(request, 'x-amz-copy-source-if-match');
  if (match !== undefined && !matches(match, source.etag)) throw failed('x-amz-copy-source-If-Match');
  const noneMatch = header(request, 'x-amz-copy-source-if-none-match');
  if (noneMatch !== undefined && matches(noneMatch, source.etag)) throw failed('x-amz-copy-source-If-None-Match');
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', undefined, { Condition: condition });
}

/** A list of tags, with or without quotes, or `*`. */
function matches(list: string, etag: string): boolean {
  const wanted = list.split(',').map((tag) => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, ''));
  return wanted.includes('*') || wanted.includes(etag.slice(1, -1));
}

/** HTTP dates have whole seconds. */
function changedAt(object: StoredObject): number {
  return Math.floor(object.lastModified / 1000);
}

function seconds(date: string | undefined): number | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}
