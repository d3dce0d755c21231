import { S3Error } from './error.ts';

export interface ByteRange {
  readonly first: number;
  /** Inclusive, within the object. */
  readonly last: number;
}

/**
 * A `Range` header against an object of `size` bytes. Several ranges, and text that is not a range, are ignored.
 * @returns undefined for the whole object.
 * @throws {@link S3Error} `InvalidRange` when it begins behind the end
 */
export function parseRange(text: string | undefined, size: number): ByteRange | undefined {
  const match = text === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(text.trim());
  const [, from, to] = match ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size || (from === '' && Number(to) === 0)) {
    throw new S3Error('InvalidRange', undefined, { RangeRequested: text ?? '', ActualObjectSize: String(size) });
  }
  return { first, last };
}

/**
 * `x-amz-copy-source-range`, which has both ends and must lie within the object.
 * @throws {@link S3Error} `InvalidArgument`, `InvalidRange`
 */
export function parseCopyRange(text: string | undefined, size: number): ByteRange {
  if (text === undefined) return { first: 0, last: size - 1 };
  const match = /^bytes=(\d+)-(\d+)$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2]);
  if (!match || last < first) {
    throw new S3Error('InvalidArgument', 'The x-amz-copy-source-range value must be of the form bytes=first-last', {
      ArgumentName: 'x-amz-copy-source-range',
      ArgumentValue: text,
    });
  }
  if (last >= size)
    throw new S3Error('InvalidRange', `Range specified is not valid for source object of size: ${size}`);
  return { first, last };
}
