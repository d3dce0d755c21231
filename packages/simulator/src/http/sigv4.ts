import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { canonicalRequest, headerText, type QueryPair, type SignedRequest, splitQuery } from './sigv4-canonical.ts';

export type { SignedRequest } from './sigv4-canonical.ts';

/**
 * AWS Signature Version 4, the verifying side, written from the specification and sharing nothing with an SDK: a
 * signature that both an SDK and this file agree on is right.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface VerifyOptions {
  readonly credentials: readonly SigningCredentials[];
  /** As in the credential scope: `s3`, `chime`. */
  readonly service: string;
  /** Omitted, any region is accepted. */
  readonly region?: string | undefined;
  /** Wall time against which request dates and expiries are judged, epoch ms. */
  readonly now: number;
  /** Hex SHA-256 of the body; omitted, the value of `x-amz-content-sha256` is taken, as S3 does. */
  readonly payloadHash?: string | undefined;
}

/** Why a request is not authentic; each service words its own error from it. */
export type SignatureProblem =
  | 'anonymous'
  | 'malformed-header'
  | 'malformed-query'
  | 'missing-payload-hash'
  | 'unknown-key'
  | 'wrong-token'
  | 'wrong-region'
  | 'unsigned-header'
  | 'time-skewed'
  | 'not-yet-valid'
  | 'expired'
  | 'mismatch';

export type SignatureVerdict =
  | { readonly ok: true; readonly accessKeyId: string; readonly presigned: boolean }
  | { readonly ok: false; readonly problem: SignatureProblem; readonly detail: string };

/** Request dates may differ by 15 minutes from the service's; presigned URLs live at most a week. */
const MAX_SKEW_MS = 15 * 60_000;
const MAX_EXPIRES_S = 604_800;
const ALGORITHM = 'AWS4-HMAC-SHA256';
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

interface Claim {
  readonly presigned: boolean;
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string;
  readonly token: string | undefined;
  readonly expiresS: number | undefined;
}

/** Verifies the `Authorization` header or the presigned query of a request. Never throws on bad input. */
export function verifySignature(request: SignedRequest, options: VerifyOptions): SignatureVerdict {
  const query = splitQuery(request.url);
  const claim = readClaim(request, query);
  if ('ok' in claim) return claim;
  const malformed = claim.presigned ? 'malformed-query' : 'malformed-header';

  const scope = claim.credential.split('/');
  const [accessKeyId = '', day, region, service, terminator] = scope;
  if (scope.length !== 5 || terminator !== 'aws4_request') {
    return refuse(
      malformed,
      `the credential "${claim.credential}" is not <key>/<yyyymmdd>/<region>/<service>/aws4_request`,
    );
  }
  if (service !== options.service)
    return refuse(malformed, `incorrect service "${service}", expecting "${options.service}"`);
  if (options.region !== undefined && region !== options.region) return refuse('wrong-region', `${region}`);
  const signedAt = parseDate(claim.date);
  if (signedAt === undefined || day !== claim.date.slice(0, 8)) {
    return refuse(malformed, `the date "${claim.date}" is missing, malformed or not the day of the credential scope`);
  }
  const known = options.credentials.find((one) => one.accessKeyId === accessKeyId);
  if (!known) return refuse('unknown-key', accessKeyId);
  if (known.sessionToken !== claim.token)
    return refuse('wrong-token', 'the session token is missing, unknown or unasked for');
  const unsigned = unsignedHeaders(request.headers, claim.signedHeaders);
  if (unsigned.length > 0) return refuse('unsigned-header', unsigned.join(', '));

  const payloadHash = payloadHashOf(request.headers, claim, options);
  if (payloadHash === undefined) return refuse('missing-payload-hash', 'x-amz-content-sha256');
  const canonical = canonicalRequest(request, query, claim.signedHeaders, options.service, payloadHash);
  const stringToSign = [ALGORITHM, claim.date, scope.slice(1).join('/'), sha256(canonical)].join('\n');
  const expected = sign(known.secretAccessKey, scope.slice(1), stringToSign);
  if (!sameText(expected, claim.signature)) return refuse('mismatch', canonical);

  const late = lateness(claim, signedAt, options.now);
  return late ?? { ok: true, accessKeyId, presigned: claim.presigned };
}

function refuse(problem: SignatureProblem, detail: string): SignatureVerdict {
  return { ok: false, problem, detail };
}

function readClaim(request: SignedRequest, query: readonly QueryPair[]): Claim | SignatureVerdict {
  const authorization = request.headers.authorization;
  if (authorization !== undefined) return readHeader(authorization, request.headers);
  const value = (name: string) => query.find(([other]) => other === name)?.[1];
  const algorithm = value('X-Amz-Algorithm');
  if (algorithm === undefined) return refuse('anonymous', 'neither an Authorization header nor X-Amz-Algorithm');
  const names = ['X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders', 'X-Amz-Signature'] as const;
  const missing = names.filter((name) => value(name) === undefined);
  if (missing.length > 0) return refuse('malformed-query', `missing ${missing.join(', ')}`);
  const [credential = '', date = '', expires = '', signedHeaders = '', signature = ''] = names.map(value);
  if (algorithm !== ALGORITHM) return refuse('malformed-query', `X-Amz-Algorithm only supports "${ALGORITHM}"`);
  const expiresS = Number(expires);
  if (!/^\d+$/.test(expires)) return refuse('malformed-query', 'X-Amz-Expires should be a number');
  if (expiresS > MAX_EXPIRES_S) return refuse('malformed-query', 'X-Amz-Expires must be less than a week (in seconds)');
  const token = value('X-Amz-Security-Token');
  return { presigned: true, credential, signedHeaders: signedHeaders.split(';'), signature, date, token, expiresS };
}

function readHeader(authorization: string, headers: IncomingHttpHeaders): Claim | SignatureVerdict {
  const match = /^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]+)$/.exec(
    authorization,
  );
  const [, credential, signedHeaders, signature] = match ?? [];
  if (!credential || !signedHeaders || !signature) {
    return refuse(
      'malformed-header',
      `the Authorization header is not "${ALGORITHM} Credential=…, SignedHeaders=…, Signature=…"`,
    );
  }
  const date = headerText(headers, 'x-amz-date') ?? '';
  const token = headerText(headers, 'x-amz-security-token');
  return {
    presigned: false,
    credential,
    signedHeaders: signedHeaders.split(';'),
    signature,
    date,
    token,
    expiresS: undefined,
  };
}

/** `host` and every `x-amz-*` header that is present must be signed, or an attacker could add them. */
function unsignedHeaders(headers: IncomingHttpHeaders, signed: readonly string[]): readonly string[] {
  const present = Object.keys(headers).filter((name) => name.startsWith('x-amz-'));
  return ['host', ...present].filter((name) => !signed.includes(name));
}

function payloadHashOf(headers: IncomingHttpHeaders, claim: Claim, options: VerifyOptions): string | undefined {
  if (options.payloadHash !== undefined) return options.payloadHash;
  const declared = headerText(headers, 'x-amz-content-sha256');
  return claim.presigned ? (declared ?? UNSIGNED_PAYLOAD) : declared;
}

function lateness(claim: Claim, signedAt: number, now: number): SignatureVerdict | undefined {
  const difference = now - signedAt;
  if (claim.expiresS === undefined) {
    return Math.abs(difference) > MAX_SKEW_MS ? refuse('time-skewed', claim.date) : undefined;
  }
  if (difference < -MAX_SKEW_MS) return refuse('not-yet-valid', claim.date);
  const end = signedAt + claim.expiresS * 1000;
  return now > end ? refuse('expired', new Date(end).toISOString()) : undefined;
}

function sign(secret: string, scope: readonly string[], stringToSign: string): string {
  const key = scope.reduce<string | Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac('sha256', key).update(stringToSign).digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

function parseDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
