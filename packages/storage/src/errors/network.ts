import { type Classification, OnRecordError } from '@onrecord/core';

/** Codes of Node for a store that cannot be reached or went away. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_)/;

/** What every driver judges alike: our own errors, aborts, and the network. */
export function classifyCommon(error: unknown): Classification | undefined {
  if (OnRecordError.is(error)) {
    const { code, retry, blame, message, remedy } = error;
    return { code, retry, blame, message, remedy };
  }
  if (!(error instanceof Error)) return undefined;
  const code = errorCode(error) ?? errorCode(error.cause);
  if (error.name === 'AbortError') return { code: 'aborted', retry: 'safe', blame: 'caller' };
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') {
    return { code: 'timeout', retry: 'safe', blame: 'destination', providerCode: code };
  }
  if (code !== undefined && UNREACHABLE.has(code)) {
    return {
      code: 'unavailable',
      retry: 'safe',
      blame: 'destination',
      message: `The store cannot be reached (${code}).`,
      remedy: 'Check the endpoint, the name service and the network between here and the store.',
      providerCode: code,
    };
  }
  if (code !== undefined && UNTRUSTED.test(code)) {
    return {
      code: 'unavailable',
      retry: 'never',
      blame: 'destination',
      message: `The certificate of the store is not trusted (${code}).`,
      remedy: 'Check the endpoint, or trust its authority with NODE_EXTRA_CA_CERTS.',
      providerCode: code,
    };
  }
  return undefined;
}

/** The `code` of a system error. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

/** Milliseconds that a `retry-after` header asks for: seconds, or an HTTP date. */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
