import type { PipelineResponse } from '@azure/core-rest-pipeline';

/** Which bytes of a file an answer brings. */
export interface Extent {
  /** Position of the body's first byte in the file. */
  readonly begins: number;
  /** Bytes of the body; undefined where only its end tells. */
  readonly length: number | undefined;
  /** Bytes of the whole file. */
  readonly total: number | undefined;
}

/**
 * The extent of a 200 or 206 to a request for everything from byte `first` on, or what is wrong with it. A 200 may ignore
 * the range and bring the whole file; a 206 must begin where it was told to. The service sends `Content-Range` with a
 * 200, too.
 */
export function extentOf({ status, headers }: PipelineResponse, first: number): Extent | string {
  const length = wholeNumber(headers.get('content-length'));
  // The first download after a pause of use may come empty (azure-sdk-for-python#33415).
  if (length === 0) return 'came without a single byte';
  const text = headers.get('content-range');
  if (text === undefined) {
    return status === 206 ? 'came in part, without saying which part' : { begins: 0, length, total: length };
  }
  const range = rangeOf(text);
  if (!range) return `came with a Content-Range that makes no sense: ${text.slice(0, 60)}`;
  const { begins, end, total } = range;
  if (begins !== first && (status === 206 || begins !== 0)) {
    return `began at byte ${begins} where byte ${first} was asked for`;
  }
  const spanned = end - begins + 1;
  if (length !== undefined && length !== spanned) {
    return `announced ${length} bytes, and ${spanned} in its Content-Range`;
  }
  return { begins, length: spanned, total };
}

/** How long a 416 says that the file is. */
export function totalOf416({ headers }: PipelineResponse): number | undefined {
  return wholeNumber(/^bytes \*\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]);
}

function rangeOf(text: string) {
  const [, from, to, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(text.trim()) ?? [];
  const [begins, end] = [wholeNumber(from), wholeNumber(to)];
  const total = size === '*' ? undefined : wholeNumber(size);
  if (begins === undefined || end === undefined || end < begins) return undefined;
  if (size !== '*' && (total === undefined || end >= total)) return undefined;
  return { begins, end, total };
}

function wholeNumber(text: string | undefined): number | undefined {
  const value = text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
