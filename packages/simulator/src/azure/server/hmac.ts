import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isHttpDate } from './http-date.ts';

/** What a signature of this service covers. */
export interface SignedRequest {
  readonly method: string;
  /** Path, with the query where the scheme signs it. */
  readonly pathAndQuery: string;
  /** With the port where there is one. */
  readonly host: string;
  readonly body: Uint8Array;
  readonly headers: IncomingHttpHeaders;
}

export interface HmacRules {
  /** Base64. */
  readonly accessKey: string;
  /** Epoch ms that `x-ms-date` is compared with. */
  readonly now: number;
  /** How far `x-ms-date` may be off, ms. */
  readonly toleranceMs: number;
}

const AUTHORIZATION = /^HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=([A-Za-z0-9+/]+=*)$/;

/** Why a request is not signed as it has to be, or undefined when it is. */
export function signatureProblem(request: SignedRequest, rules: HmacRules): string | undefined {
  const { headers } = request;
  const signature = AUTHORIZATION.exec(headers.authorization ?? '')?.[1];
  if (signature === undefined) return 'The Authorization header is missing or not HMAC-SHA256 over the signed headers.';
  const date = headers['x-ms-date'];
  if (!isHttpDate(date)) return 'The x-ms-date header is missing or no RFC 1123 date.';
  if (Math.abs(Date.parse(date) - rules.now) > rules.toleranceMs) return 'The x-ms-date header is too far off.';
  const digest = createHash('sha256').update(request.body).digest('base64');
  if (headers['x-ms-content-sha256'] !== digest) return 'The x-ms-content-sha256 header does not fit the body.';
  const signed = `${request.method}\n${request.pathAndQuery}\n${date};${request.host};${digest}`;
  const expected = createHmac('sha256', Buffer.from(rules.accessKey, 'base64')).update(signed).digest();
  const actual = Buffer.from(signature, 'base64');
  const same = actual.length === expected.length && timingSafeEqual(actual, expected);
  return same ? undefined : 'The signature does not match the request.';
}
