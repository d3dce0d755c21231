import type { Readable } from 'node:stream';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { OnRecordError, type OpenedMedia } from '@onrecord/core';

/**
 * The media of a 200 or 206, from byte `first` on, checked as it passes: more or fewer bytes than promised are an
 * error, and so are an empty file and a page of HTML.
 */
export function mediaOf(answer: PipelineResponse, first: number, signal: AbortSignal): OpenedMedia {
  const stream = answer.readableStreamBody as Readable;
  const contentType = answer.headers.get('content-type');
  const length = wholeNumber(answer.headers.get('content-length'));
  // The service sends Content-Range on a 200, too.
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers.get('content-range') ?? '');
  const begins = range ? Number(range[1]) : 0;
  const total = wholeNumber(range?.[2]) ?? (length === undefined ? undefined : begins + length);
  const problem = problemOf({ contentType, total, begins, first });
  if (problem) {
    stream.destroy();
    throw broken(problem);
  }
  return {
    body: checked(stream, { expected: length, skip: first - begins, signal }),
    ...(total === undefined ? {} : { bytes: total }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

function problemOf(facts: {
  readonly contentType: string | undefined;
  readonly total: number | undefined;
  readonly begins: number;
  readonly first: number;
}): string | undefined {
  const { contentType, total, begins, first } = facts;
  if (contentType?.toLowerCase().startsWith('text/html')) return 'came as a page of HTML';
  // The first download after a pause of use may come empty (azure-sdk-for-python#33415).
  if (total === 0) return 'came without a single byte';
  if (begins > first) return `began at byte ${begins} where byte ${first} was asked for`;
  return undefined;
}

async function* checked(
  stream: Readable,
  {
    expected,
    skip,
    signal,
  }: { readonly expected: number | undefined; readonly skip: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  let seen = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
      const from = Math.max(0, skip - seen);
      seen += chunk.byteLength;
      if (from < chunk.byteLength) yield from === 0 ? chunk : chunk.subarray(from);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw broken(`broke off after ${seen} of ${expected ?? 'an unknown number of'} bytes`, error);
  }
  if (expected !== undefined && seen !== expected) throw broken(`has ${seen} bytes where ${expected} were announced`);
  if (seen === 0) throw broken('came without a single byte');
}

function broken(what: string, cause?: unknown): OnRecordError {
  return new OnRecordError('integrity-failed', `A recording ${what}.`, {
    retry: 'safe',
    blame: 'provider',
    ...(cause === undefined ? {} : { cause }),
  });
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
