import { createHash } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { OnRecordError, type OpenedMedia } from '@onrecord/core';
import { type Extent, extentOf } from './extent.ts';
import { changeOf, type FileVersion, versionOf } from './file-version.ts';

export interface MediaRequest {
  /** First byte that is wanted. */
  readonly first: number;
  readonly kind: 'media' | 'metadata';
  /** What an earlier answer said of the file. */
  readonly known: FileVersion | undefined;
  readonly signal: AbortSignal;
}

/**
 * The media of a 200 or 206, from byte `first` on, checked as it passes. It is an error when a file comes empty, as a
 * page of HTML, longer than promised, with other bytes than its `Content-MD5`, or as another file than before. One that
 * comes short is `unavailable`: it may be read on from there.
 */
export function mediaOf(
  answer: PipelineResponse,
  request: MediaRequest,
): { readonly media: OpenedMedia; readonly version: FileVersion } {
  const stream = answer.readableStreamBody as Readable;
  const contentType = answer.headers.get('content-type');
  const extent = extentOf(answer, request.first);
  const problem =
    pageIn(contentType, request.kind) ??
    encodingOf(answer) ??
    (typeof extent === 'string' ? extent : (endlessness(answer, stream, extent) ?? changeIn(answer, extent, request)));
  if (problem !== undefined || typeof extent === 'string') {
    stream.destroy();
    throw broken(problem ?? '');
  }
  const { total } = extent;
  return {
    media: {
      body: releasing(stream, checked(stream, { ...request, extent, md5: answer.headers.get('content-md5') })),
      ...(total === undefined ? {} : { bytes: total }),
      ...(contentType === undefined ? {} : { contentType }),
    },
    version: versionOf(answer, extent),
  };
}

/** Lets go of the connection as soon as nobody wants the rest, even while a piece is awaited that does not come. */
function releasing(stream: Readable, body: AsyncGenerator<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = {
    next: () => body.next(),
    return() {
      stream.destroy();
      return body.return(undefined);
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** What a file is not, though it says 200 (azure-sdk-for-js#33764 has the same page with 400). */
function pageIn(contentType: string | undefined, kind: MediaRequest['kind']): string | undefined {
  const type = contentType?.toLowerCase() ?? '';
  if (type.startsWith('text/html')) return 'came as a page of HTML';
  return kind === 'media' && type.startsWith('application/json') ? 'came as JSON' : undefined;
}

/** We ask for the file as it is: the length of an encoded one could not be compared. */
function encodingOf({ headers }: PipelineResponse): string | undefined {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  return encoding === 'identity' ? undefined : `came encoded (${encoding.slice(0, 20)}), which nobody asked for`;
}

/** A body in chunks has an end of its own; one that lasts until the connection closes cannot be told from its half. */
function endlessness({ headers }: PipelineResponse, stream: Readable, { length }: Extent): string | undefined {
  const framed = length !== undefined || headers.has('transfer-encoding') || !(stream instanceof IncomingMessage);
  return framed ? undefined : 'came without a length, so that nobody can tell whether it is whole';
}

function changeIn(answer: PipelineResponse, extent: Extent, { known }: MediaRequest): string | undefined {
  return known && changeOf(known, versionOf(answer, extent));
}

async function* checked(
  stream: Readable,
  {
    extent: { begins, length, total },
    first,
    kind,
    md5,
    signal,
  }: MediaRequest & { readonly extent: Extent; readonly md5: string | undefined },
): AsyncGenerator<Uint8Array> {
  const skip = first - begins;
  // A digest is of the whole file.
  const hash = md5 !== undefined && begins === 0 && length === total ? createHash('md5') : undefined;
  let seen = 0;
  let head = '';
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
      if (begins === 0 && head.length < headBytes) {
        head += Buffer.from(chunk.subarray(0, headBytes - head.length)).toString('latin1');
        if (looksLikePage(head, kind)) throw broken('is a page of HTML or JSON');
      }
      hash?.update(chunk);
      const from = Math.max(0, skip - seen);
      seen += chunk.byteLength;
      if (from < chunk.byteLength) yield from === 0 ? chunk : chunk.subarray(from);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (OnRecordError.is(error)) throw error;
    throw brokeOff(begins + seen, total, error);
  }
  if (length !== undefined && seen > length) throw broken(`has ${seen} bytes where ${length} were announced`);
  if ((length !== undefined && seen < length) || (total !== undefined && begins + seen < total)) {
    throw brokeOff(begins + seen, total);
  }
  if (seen === 0) throw broken('came without a single byte');
  if (seen < skip) throw broken(`has ${seen} bytes, and nothing at byte ${first}, which came before`);
  if (hash && hash.digest('base64') !== md5?.trim()) throw broken('has other bytes than its Content-MD5 says');
}

/** Bytes by which a page is told from a file, in however many pieces they come. */
const headBytes = 64;

/** No container begins with a bracket; metadata is JSON. */
function looksLikePage(start: string, kind: MediaRequest['kind']): boolean {
  return /^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)/i.test(start) || (kind === 'media' && /^\s*\{\s*"/.test(start));
}

/** May be read on from where it broke off. */
function brokeOff(at: number, total: number | undefined, cause?: unknown): OnRecordError {
  return failure('unavailable', `broke off after ${at} of ${total ?? 'an unknown number of'} bytes`, cause);
}

/** Must be read anew. */
export function broken(what: string, cause?: unknown): OnRecordError {
  return failure('integrity-failed', what, cause);
}

function failure(code: 'unavailable' | 'integrity-failed', what: string, cause: unknown): OnRecordError {
  return new OnRecordError(code, `A recording ${what}.`, {
    retry: 'safe',
    blame: 'provider',
    ...(cause === undefined ? {} : { cause }),
  });
}
