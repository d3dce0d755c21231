import type { OnRecordErrorOptions } from '@onrecord/core';
import { type ErrorCode, OnRecordError } from '@onrecord/core';

interface Judgement extends OnRecordErrorOptions {
  readonly code: ErrorCode;
  readonly what: string;
}

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) that a running system can meet. */
const judgements: { readonly [resultCode: number]: Judgement } = {
  3: { code: 'permission-denied', what: 'may not be accessed', remedy: 'Let this user read and write it.' },
  5: {
    code: 'unavailable',
    what: 'is locked by another process',
    retry: 'safe',
    remedy: 'Look for a process that stopped in the middle of a write, or raise busyTimeoutMs.',
  },
  6: { code: 'unavailable', what: 'is locked by this process', retry: 'safe' },
  8: { code: 'permission-denied', what: 'is read-only', remedy: 'Let this user write the file and its directory.' },
  10: { code: 'storage-failed', what: 'could not be read or written', remedy: 'Check the disk.' },
  11: { code: 'integrity-failed', what: 'is damaged', remedy: 'Restore it from a backup; do not write to it.' },
  13: { code: 'storage-failed', what: 'has no room left', retry: 'safe', remedy: 'Free space on the disk.' },
  14: {
    code: 'storage-failed',
    what: 'cannot be opened',
    remedy: 'Create its directory, and let this user write there.',
  },
  26: {
    code: 'integrity-failed',
    what: 'is not a database',
    remedy: 'Name another file, or restore it from a backup.',
  },
};

/** Turns what node:sqlite throws into the one error of OnRecord; an `OnRecordError` passes unchanged. */
export function sqliteError(error: unknown, path: string): unknown {
  if (OnRecordError.is(error) || !(error instanceof Error)) return error;
  if (Reflect.get(error, 'code') === 'ERR_INVALID_STATE') return closedError(path);
  const resultCode = Reflect.get(error, 'errcode');
  if (typeof resultCode !== 'number') return error;
  // The low byte of an extended result code is the primary one.
  const judgement = judgements[resultCode & 0xff];
  return new OnRecordError(
    judgement?.code ?? 'storage-failed',
    `The session store ${path} ${judgement?.what ?? 'failed'} (SQLite ${resultCode}: ${error.message}).`,
    {
      retry: judgement?.retry ?? 'never',
      blame: 'destination',
      remedy: judgement?.remedy,
      context: { path, sqliteCode: resultCode },
      cause: error,
    },
  );
}

export function closedError(path: string): OnRecordError {
  return new OnRecordError('invalid-state', `The session store ${path} is closed.`, {
    remedy: 'Close it after everything that uses it.',
    context: { path },
  });
}
