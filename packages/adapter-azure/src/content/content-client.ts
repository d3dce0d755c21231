import type { Readable } from 'node:stream';
import { createCommunicationAuthPolicy } from '@azure/communication-common';
import { createPipelineRequest, type PipelineResponse, setClientRequestIdPolicy } from '@azure/core-rest-pipeline';
import { type DeletionReceipt, OnRecordError, type OpenedMedia } from '@onrecord/core';
import type { AzureConfig } from '../config/config.ts';
import { createTransport } from '../transport.ts';
import { contentFailure } from './content-failure.ts';
import { contentUrl } from './content-url.ts';
import { totalOf416 } from './extent.ts';
import type { FileVersion } from './file-version.ts';
import { broken, mediaOf } from './opened-media.ts';

export interface OpenOptions {
  /** First byte that is wanted. @default 0 */
  readonly first?: number | undefined;
  /** @default 'media' */
  readonly kind?: 'media' | 'metadata' | undefined;
  /** Stands for one reading of the file: whoever reads on with it is told when the file is another one by then. */
  readonly reading?: object | undefined;
  readonly signal: AbortSignal;
}

/** Fetches and deletes what the service holds for us. */
export interface ContentClient {
  open(url: string, options: OpenOptions): Promise<OpenedMedia>;
  /** Deletes the file and its metadata; one that is gone already is success. */
  delete(url: string, options: { readonly signal: AbortSignal }): Promise<DeletionReceipt>;
}

const maxRedirects = 5;
const destination = 'OriginalUrl';
const requestId = 'x-ms-client-request-id';

/**
 * A downloader of our own on the SDK's credential policy. That of SDK 1.6.0 cannot follow the storage hosts' redirects
 * (it sends the same request 21 times), hides the length that a copy must be checked against, refuses `offset: 0`,
 * throws plain objects, and ends in a SyntaxError where the host answers with HTML.
 *
 * A request is signed for the resource's own host and the path without its query, as the storage hosts expect
 * (`x-ms-host` tells them which), and only then addressed to the storage host. Every hop of a redirect is checked
 * against the known hosts again and signed anew. The headers are those of the SDK, its odd `Accept` included.
 */
export function createContentClient(config: AzureConfig): ContentClient {
  const transport = createTransport(config);
  transport.pipeline.addPolicy(setClientRequestIdPolicy());
  transport.pipeline.addPolicy(createCommunicationAuthPolicy(config.credential), { phase: 'Sign' });
  transport.pipeline.addPolicy(
    {
      name: 'onrecordContentAddressPolicy',
      sendRequest(request, next) {
        const url = new URL(request.headers.get(destination) ?? '');
        request.url = url.href;
        request.headers.set('Host', url.host);
        return next(request);
      },
    },
    { afterPhase: 'Sign' },
  );

  async function send(
    method: 'GET' | 'DELETE',
    first: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) {
    let url = first;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const request = createPipelineRequest({
        url: `${config.endpoint.origin}${url.pathname}`,
        method,
        abortSignal: signal,
        streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
      });
      for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
      request.headers.set(destination, url.href);
      request.headers.set('x-ms-host', config.endpoint.host);
      request.headers.set('Accept', 'application/json');
      request.headers.set('Accept-Encoding', 'identity');
      const answer = await transport.send(request);
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
      discard(answer);
      url = contentUrl(location, url);
    }
    throw new OnRecordError('provider-contract', `A recording's address redirects more than ${maxRedirects} times.`, {
      retry: 'safe',
      blame: 'provider',
      context: { host: first.host },
    });
  }

  const readings = new WeakMap<object, FileVersion>();

  return {
    async open(location, { first = 0, kind = 'media', reading, signal }) {
      signal.throwIfAborted();
      const range: Record<string, string> = first > 0 ? { Range: `bytes=${first}-` } : {};
      const answer = await send('GET', contentUrl(location), range, signal);
      if (answer.status === 416 && first > 0) return restBehindEnd(answer, first);
      if (answer.status !== 200 && answer.status !== 206) throw await contentFailure(answer);
      const known = reading && first > 0 ? readings.get(reading) : undefined;
      const { media, version } = mediaOf(answer, { first, kind, known, signal });
      if (reading && first === 0) readings.set(reading, version);
      return media;
    },
    async delete(location, { signal }) {
      signal.throwIfAborted();
      const answer = await send('DELETE', contentUrl(location), {}, signal);
      if (![200, 202, 204, 404, 410].includes(answer.status)) throw await contentFailure(answer);
      discard(answer);
      return { requestId: answer.headers.get(requestId) ?? answer.request.headers.get(requestId) };
    },
  };
}

/** What a 416 leaves to be read: nothing, where the connection broke right behind the last byte. */
function restBehindEnd(answer: PipelineResponse, first: number): OpenedMedia {
  discard(answer);
  const total = totalOf416(answer);
  if (total === first) return { bytes: total, body: nothing() };
  const length = total === undefined ? 'has' : `has ${total} bytes, and`;
  throw broken(`${length} nothing at byte ${first}, which came before`);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Lets go of a body that nobody reads, and of its connection. */
export function discard(answer: PipelineResponse): void {
  (answer.readableStreamBody as Readable | undefined)?.destroy();
}
