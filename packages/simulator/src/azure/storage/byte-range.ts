/** A part of a file; `to` is not in it. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The part that a `Range` header asks for: the whole file where it is missing or no single byte range, undefined where
 * it lies behind the end (RFC 9110 section 14).
 */
export function byteRange(header: string | undefined, size: number): (ByteRange & { partial: boolean }) | undefined {
  const whole = { from: 0, to: size, partial: false };
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return whole;
  if (first === '') {
    const suffix = Number(last);
    return suffix === 0 ? undefined : { from: Math.max(0, size - suffix), to: size, partial: true };
  }
  const from = Number(first);
  if (from >= size) return undefined;
  if (last !== '' && Number(last) < from) return whole;
  return { from, to: last === '' ? size : Math.min(size, Number(last) + 1), partial: true };
}
