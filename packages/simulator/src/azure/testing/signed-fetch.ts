import { createHash, createHmac, randomUUID } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { SimulatedAzure } from '../simulated-azure.ts';

export interface SignedRequest {
  readonly method?: string;
  /** Path and query; `api-version` is added where there is no query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces what is signed or how. */
  readonly sign?: {
    readonly key?: string;
    readonly date?: Date | string;
    readonly host?: string;
    readonly body?: string;
  };
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  /** Sub-code of an error. */
  readonly code: string | undefined;
}

/** The headers of a signature, computed apart from the simulator. */
export function signature(
  accessKey: string,
  method: string,
  path: string,
  host: string,
  body: string,
  date: Date | string = new Date(),
): Record<string, string> {
  const at = typeof date === 'string' ? date : date.toUTCString();
  const digest = createHash('sha256').update(body).digest('base64');
  const text = `${method}\n${path}\n${at};${host};${digest}`;
  const signed = createHmac('sha256', Buffer.from(accessKey, 'base64')).update(text).digest('base64');
  return {
    'x-ms-date': at,
    'x-ms-content-sha256': digest,
    authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signed}`,
  };
}

/** A request to the API over plain http, signed like the SDK's. */
export async function signedFetch(azure: SimulatedAzure, request: SignedRequest): Promise<ApiAnswer> {
  const { method = 'GET', sign = {} } = request;
  const path = request.path.includes('?') ? request.path : `${request.path}?api-version=2026-03-12`;
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const { host } = new URL(azure.plain.endpoint);
  const headers = {
    ...signature(sign.key ?? azure.accessKey, method, path, sign.host ?? host, sign.body ?? body, sign.date),
    ...(body !== '' && { 'content-type': 'application/json' }),
    ...request.headers,
  };
  const response = await fetch(`${azure.plain.endpoint}${path}`, { method, headers, ...(body !== '' && { body }) });
  const text = await response.text();
  const answer: { readonly error?: { readonly code: string } } = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: { ...answer }, code: answer.error?.code };
}

export const repeatable = (id: string = randomUUID()): Record<string, string> => ({
  'repeatability-request-id': id,
  'repeatability-first-sent': new Date().toUTCString(),
});

/** A GET of a file with a signature for the API host, as an own downloader makes it. */
export async function signedGet(
  azure: SimulatedAzure,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: Buffer }> {
  const { host } = new URL(azure.endpoint);
  const signed = signature(azure.accessKey, 'GET', new URL(url).pathname, host, '');
  return new Promise((resolve, reject) => {
    const options = { agent: azure.agent(), headers: { ...signed, 'x-ms-host': host, ...headers } };
    const request = httpsRequest(url, options, (response) => {
      buffer(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    request.once('error', reject);
    request.end();
  });
}
