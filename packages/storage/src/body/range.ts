import { OnRecordError } from '@onrecord/core';
import { rangeBehindEnd } from '../errors/conditions.ts';

export interface Range {
  readonly first: number;
  /** Inclusive. */
  readonly last?: number | undefined;
}

/** @throws OnRecordError `invalid-request` for numbers that are not a range. */
export function checkRange(range: Range | undefined): void {
  if (range === undefined) return;
  const { first, last } = range;
  const whole =
    Number.isSafeInteger(first) && first >= 0 && (last === undefined || (Number.isSafeInteger(last) && last >= first));
  if (!whole) throw new OnRecordError('invalid-request', `${first}–${last ?? ''} is not a range of bytes.`);
}

/**
 * The part of an object of `bytes` bytes that a range names, `end` exclusive.
 * @throws OnRecordError `invalid-request` when it begins behind the end
 */
export function sliceOf(
  range: Range | undefined,
  bytes: number,
  uri: string,
): { readonly start: number; readonly end: number } {
  if (range === undefined) return { start: 0, end: bytes };
  checkRange(range);
  if (range.first >= bytes) throw rangeBehindEnd(uri, range.first, bytes);
  return { start: range.first, end: Math.min((range.last ?? bytes - 1) + 1, bytes) };
}
