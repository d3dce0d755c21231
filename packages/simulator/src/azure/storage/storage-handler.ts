import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Clock } from '@onrecord/core';
import { type BlockAnswer, type BodyFault, sendFaultyBody } from '../../http/faulty-body.ts';
import { type Answer, drainBody, type FaultScript, readBody, sendAnswer } from '../../http/index.ts';
import type { Content } from '../media/content.ts';
import { storageErrorAnswer } from '../server/api-error.ts';
import type { Authentication } from '../server/authentication.ts';
import type { AzureRequest } from '../server/journal.ts';
import { byteRange } from './byte-range.ts';
import type { DocumentPart, Documents } from './documents.ts';

export interface StorageHandlerOptions {
  readonly clock: Clock;
  readonly faults: FaultScript;
  readonly authentication: Authentication;
  readonly documents: Documents;
  /** Whether `Range` is honoured; where not, every file is answered whole. */
  readonly ranges: boolean;
  readonly journal: (entry: AzureRequest) => void;
}

interface StorageRoute {
  readonly operation: 'DownloadContent' | 'DownloadMetadata' | 'DeleteContent' | 'unknown';
  readonly documentId: string;
}

/** Serves the hosts of `storage-hosts.ts`: the files of recordings and their deletion. */
export class StorageHandler {
  readonly #options: StorageHandlerOptions;

  constructor(options: StorageHandlerOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const route = storageRoute(method, new URL(url, 'https://localhost').pathname);
    const { clock, faults, journal } = this.#options;
    const seen = { operation: route.operation, method, url, host: headers.host ?? '', body: undefined };
    /** Noted before the answer is sent, so that who has it finds it in the journal. */
    const note = (status: number | undefined, delivered: boolean): { delivered: boolean } => {
      const entry = { ...seen, at: clock.now(), status, subCode: undefined, delivered };
      journal(entry);
      return entry;
    };
    let fault = faults.take({ operation: route.operation, method, url, headers });
    while (typeof fault === 'object' && 'delayMs' in fault) {
      await clock.delay(fault.delayMs);
      fault = fault.and;
    }
    if (fault === 'drop-before-work') {
      note(undefined, false);
      response.destroy();
      return;
    }
    if (typeof fault === 'object' && 'status' in fault) {
      await drainBody(request);
      note(fault.status, true);
      sendAnswer(request, response, fault);
      return;
    }
    const answer = await this.#answer(request, route);
    const entry = note(answer.status, true);
    entry.delivered = await send(request, response, answer, fault, clock);
  }

  async #answer(request: IncomingMessage, route: StorageRoute): Promise<Answer | BlockAnswer> {
    const { authentication, documents, ranges } = this.#options;
    const traceId = randomUUID().replaceAll('-', '');
    const refusal = authentication.storageRefusal(request, await readBody(request));
    if (refusal) return storageErrorAnswer(refusal, refusal === 403 ? 'Forbidden' : 'Unauthorized', traceId);
    const { operation, documentId } = route;
    if (operation === 'DeleteContent') {
      return documents.delete(documentId) ? { status: 200 } : storageErrorAnswer(404, 'Not Found', traceId);
    }
    const part: DocumentPart = operation === 'DownloadMetadata' ? 'metadata' : 'content';
    const content = operation === 'unknown' ? undefined : await documents.find(documentId, part);
    if (!content) return storageErrorAnswer(404, 'Not Found', traceId);
    return (
      fileAnswer(content, ranges ? request.headers.range : undefined) ??
      storageErrorAnswer(416, 'Range Not Satisfiable', traceId)
    );
  }
}

function storageRoute(method: string, path: string): StorageRoute {
  const [, documentId = '', part] = /^\/v1\/objects\/([^/]+)(?:\/content\/([^/]+))?$/.exec(path) ?? [];
  if (method === 'DELETE' && documentId !== '' && part === undefined) return { operation: 'DeleteContent', documentId };
  if (method !== 'GET' || part === undefined) return { operation: 'unknown', documentId };
  return { operation: part === 'acsmetadata' ? 'DownloadMetadata' : 'DownloadContent', documentId };
}

/** Headers as recorded from the real host, which sends `Content-Range` with a 200, too. */
function fileAnswer(content: Content, rangeHeader: string | undefined): BlockAnswer | undefined {
  const range = byteRange(rangeHeader, content.bytes);
  if (!range) return undefined;
  const { from, to, partial } = range;
  return {
    status: partial ? 206 : 200,
    headers: {
      'cache-control': 'no-cache, max-age=0, s-maxage=0, private',
      'content-type': 'application/octet-stream',
      'content-length': to - from,
      'content-range': `bytes ${from}-${to - 1}/${content.bytes}`,
      server: 'Microsoft-HTTPAPI/2.0',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    },
    blocks: content.read(from, to),
  };
}

/** @returns whether the client was sent all of it. */
async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer | BlockAnswer,
  fault: 'drop-before-answer' | BodyFault | undefined,
  clock: Clock,
): Promise<boolean> {
  if (fault === 'drop-before-answer') {
    response.destroy();
    return false;
  }
  if (!('blocks' in answer)) {
    sendAnswer(request, response, answer);
    return true;
  }
  if (fault) return sendFaultyBody(response, clock, answer, fault);
  response.writeHead(answer.status, { ...answer.headers });
  Readable.from(answer.blocks, { objectMode: false }).pipe(response);
  return finished(response).then(
    () => true,
    () => false,
  );
}
