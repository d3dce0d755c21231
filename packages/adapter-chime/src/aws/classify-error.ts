import { type Classification, OnRecordError } from '@onrecord/core';

/** What the SDKs add to errors, as far as it is read here. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string } | undefined;
  readonly $response?: {
    readonly statusCode?: number;
    readonly headers?: { readonly [name: string]: string | undefined };
  };
}

/** Node's codes for a request that surely never left. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** A limit that passes by itself: a stopping pipeline counts for some seconds. */
const limitRetryMs = 1_000;

/**
 * Judges what a Chime SDK client threw, by HTTP status *and* name: a 400 is a bad request or a limit, the member `Code`
 * is no copy of the exception's name, and an answer in HTML arrives as a bare SyntaxError.
 *
 * @param unanswered whether a request whose answer is missing may be repeated as it is.
 */
export function classifyAwsError(error: unknown, unanswered: 'safe' | 'only-with-same-key'): Classification {
  if (OnRecordError.is(error)) {
    const { code, retry, blame } = error;
    return { code, retry, blame };
  }
  const known: SdkError = typeof error === 'object' && error !== null ? error : {};
  const status = known.$metadata?.httpStatusCode ?? known.$response?.statusCode;
  const name = typeof known.name === 'string' ? known.name : '';
  const requestId = known.$metadata?.requestId;
  const details = {
    ...(requestId === undefined ? {} : { requestId }),
    ...(name === '' ? {} : { providerCode: name }),
  };
  if (name === 'SyntaxError' || (status !== undefined && status < 400)) {
    const message = `AWS answered${status === undefined ? '' : ` ${status}`} with something that is no JSON.`;
    return { code: 'provider-contract', retry: unanswered, blame: 'provider', message, ...details };
  }
  if (status !== undefined) return { ...byStatus(status, name, text(known.message), known), ...details };
  return { ...withoutStatus(name, text(known.code), unanswered), ...details };
}

function byStatus(status: number, name: string, message: string, error: SdkError): Classification {
  if (status === 400 && name.includes('LimitExceeded')) {
    return { code: 'quota-exceeded', retry: 'safe', blame: 'provider', retryAfterMs: limitRetryMs };
  }
  if (status === 400 && /S3 Bucket/i.test(message)) {
    const remedy = 'Let mediapipelines.chime.amazonaws.com write to the bucket; the README has the policy.';
    return { code: 'permission-denied', retry: 'never', blame: 'destination', remedy };
  }
  switch (status) {
    case 401:
      return { code: 'unauthenticated', retry: 'never', blame: 'caller', remedy: 'Check the AWS credentials.' };
    case 403:
      return {
        code: 'permission-denied',
        retry: 'never',
        blame: 'caller',
        remedy: 'Check the permissions in the README.',
      };
    case 404:
    case 410:
      return { code: 'not-found', retry: 'never', blame: 'caller' };
    case 409:
      return { code: 'conflict', retry: 'never', blame: 'caller' };
    case 429: {
      const seconds = Number(error.$response?.headers?.['retry-after']);
      return {
        code: 'rate-limited',
        retry: 'safe',
        blame: 'provider',
        ...(seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {}),
      };
    }
    default:
      if (status >= 500) return { code: 'unavailable', retry: 'safe', blame: 'provider' };
      return { code: 'invalid-request', retry: 'never', blame: 'caller' };
  }
}

function withoutStatus(name: string, code: string, unanswered: 'safe' | 'only-with-same-key'): Classification {
  if (name === 'AbortError') return { code: 'aborted', retry: unanswered, blame: 'caller' };
  // The SDK gives lost connections this name, too.
  if (name === 'TimeoutError' && (code === '' || code === 'ETIMEDOUT')) {
    return { code: 'timeout', retry: unanswered, blame: 'provider' };
  }
  if (name === 'CredentialsProviderError') {
    return { code: 'unauthenticated', retry: 'never', blame: 'caller', remedy: 'Configure AWS credentials.' };
  }
  if (neverSent.includes(code)) {
    const message = `AWS cannot be reached (${code}).`;
    return { code: 'unavailable', retry: 'safe', blame: 'provider', message };
  }
  if (code !== '') {
    const message = `The answer of AWS was lost (${code}).`;
    return { code: 'unavailable', retry: unanswered, blame: 'provider', message };
  }
  return { code: 'unknown', retry: 'never', blame: 'library' };
}

/** Whether the service says that there is no such thing (any more). */
export function isNotFound(error: unknown): boolean {
  const status = (error as SdkError | null)?.$metadata?.httpStatusCode;
  return status === 404 || status === 410;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
