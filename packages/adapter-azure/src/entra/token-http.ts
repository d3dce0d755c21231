import {
  createDefaultHttpClient,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { AzureConfig } from '../config/config.ts';
import { createTransport } from '../transport.ts';

/** What became of the last request for a token: the errors of `@azure/identity` do not tell it. */
export type Exchange =
  | { readonly answer: PipelineResponse; readonly error?: undefined }
  | { readonly error: unknown; readonly answer?: undefined };

/** Requests for tokens, over the same agent, proxy and TLS settings as everything else. */
export interface TokenHttp extends HttpClient {
  last(): Exchange | undefined;
}

/** Without a limit of its own, a token endpoint that never answers would hold every request up. */
const timeoutMs = 30_000;

export function createTokenHttp(client: AzureConfig['client']): TokenHttp {
  const transport = createTransport({ client });
  // An Azure host gives tokens over http on a link of its own, where neither our agent nor a proxy leads.
  const plain = client.httpClient ?? createDefaultHttpClient();
  let last: Exchange | undefined;
  const send = (request: PipelineRequest) =>
    request.url.startsWith('https:') ? transport.send(request) : plain.sendRequest(request);
  return {
    last: () => last,
    async sendRequest(request) {
      const { abortSignal } = request;
      // Not by `request.timeout`: its timer outlives a request that failed, and keeps the process waiting.
      const late = AbortSignal.timeout(timeoutMs);
      request.abortSignal = abortSignal instanceof AbortSignal ? AbortSignal.any([abortSignal, late]) : late;
      try {
        const answer = await send(request);
        last = { answer };
        return answer;
      } catch (error) {
        last = { error };
        throw error;
      } finally {
        if (abortSignal) request.abortSignal = abortSignal;
        else delete request.abortSignal;
      }
    },
  };
}
