import { OnRecordError } from '@onrecord/core';

/** A put with `ifAbsent` met an object. */
export function alreadyExists(uri: string, cause?: unknown): OnRecordError {
  return new OnRecordError('already-exists', `There is an object at ${uri} already; it was left as it is.`, { cause });
}

/** A put with `ifMatch` met another version, or none. */
export function conflicting(uri: string, cause?: unknown): OnRecordError {
  return new OnRecordError('conflict', `The object at ${uri} is not the version that was to be replaced.`, {
    remedy: 'Read it again and repeat the change on what it holds now.',
    cause,
  });
}

export function notFound(uri: string, cause?: unknown): OnRecordError {
  return new OnRecordError('not-found', `There is no object at ${uri}.`, { cause });
}

/** A range that begins behind the end of the object. */
export function rangeBehindEnd(uri: string, first: number, bytes: number | undefined, cause?: unknown): OnRecordError {
  const size = bytes === undefined ? '' : `, which has ${bytes} bytes`;
  return new OnRecordError('invalid-request', `Byte ${first} lies behind the end of ${uri}${size}.`, { cause });
}
