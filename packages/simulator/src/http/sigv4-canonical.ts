import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as received. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export type QueryPair = readonly [name: string, value: string];

/** Decoded query parameters in the order received. */
export function splitQuery(url: string): readonly QueryPair[] {
  const at = url.indexOf('?');
  if (at < 0) return [];
  return url
    .slice(at + 1)
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
    });
}

/**
 * What is signed, as text.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function canonicalRequest(
  request: SignedRequest,
  query: readonly QueryPair[],
  signedHeaders: readonly string[],
  service: string,
  hash: string,
): string {
  const path = request.url.split('?', 1)[0] ?? '/';
  // Every service but S3 signs the path encoded twice.
  const segments = path.split('/').map((segment) => encode(service === 's3' ? decode(segment) : segment));
  const parameters = query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): QueryPair => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`);
  const headers = signedHeaders.map((name) => {
    const value = headerText(request.headers, name) ?? '';
    return `${name}:${value.trim().replace(/ +/g, ' ')}\n`;
  });
  return [
    request.method,
    segments.join('/') || '/',
    parameters.join('&'),
    headers.join(''),
    signedHeaders.join(';'),
    hash,
  ].join('\n');
}

/** A header as it is signed: several values joined by commas. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 3986: everything but unreserved characters is escaped. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
