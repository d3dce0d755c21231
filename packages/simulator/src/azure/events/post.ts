import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '@onrecord/core';
import { loopbackLookup } from '../server/loopback-agent.ts';

/** How long Event Grid waits for an answer; callbacks wait as long. */
const ANSWER_LIMIT_MS = 30_000;

/** What the application answered. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface OutgoingLimits {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** PEM of the authorities trusted beside the usual ones. */
  readonly ca?: string | undefined;
}

/**
 * Sends one request to this machine: every host name leads to 127.0.0.1, so nothing leaves it whatever the URL says.
 * @throws Error when there is no answer within 30 s of the clock, the address is not of this machine, or TLS fails.
 */
export async function sendToLoopback(outgoing: Outgoing, limits: OutgoingLimits): Promise<Received> {
  const url = new URL(outgoing.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !/^(127\.|::1$)/.test(host)) throw new Error(`${host} is not an address of this machine`);
  const answered = new AbortController();
  const signal = AbortSignal.any([limits.signal, answered.signal]);
  const tooLate = new AbortController();
  limits.clock.delay(ANSWER_LIMIT_MS, { signal }).then(
    () => tooLate.abort(new Error(`no answer within ${ANSWER_LIMIT_MS} ms`)),
    () => undefined,
  );
  try {
    return await exchange(url, outgoing, AbortSignal.any([limits.signal, tooLate.signal]), limits.ca);
  } finally {
    answered.abort();
  }
}

function exchange(url: URL, outgoing: Outgoing, signal: AbortSignal, ca: string | undefined): Promise<Received> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(outgoing.body ?? '');
    const headers = { ...outgoing.headers, 'content-length': String(body.byteLength) };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      method: outgoing.method,
      headers,
      signal,
      lookup: loopbackLookup,
      agent: false,
      ...(ca && { ca }),
    };
    const request = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}
