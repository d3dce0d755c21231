import { type Classification, OnRecordError } from '@onrecord/core';
import { byStatus, bySubCode } from './error-table.ts';
import { type Incoming, isObject, objectAt, textAt } from './json-reader.ts';
import { retryAfterOf } from './retry-after.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What a request was for: whether it may be repeated depends on it, and not every error of the SDK tells. */
export type Operation = 'start' | 'pause' | 'resume' | 'stop' | 'status' | 'announce' | 'open' | 'delete';

const operations = new WeakMap<object, Operation>();

/** Runs a request and remembers, with an error, what it was for. What is thrown that is no object becomes an Error. */
export async function during<T>(operation: Operation, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (thrown) {
    const error = typeof thrown === 'object' && thrown !== null ? thrown : new Error(String(thrown));
    operations.set(error, operation);
    throw error;
  }
}

/**
 * As {@link during}, and undefined where the service said yes in a way that the SDK takes for an error: it expects one
 * status per operation, and the documentation of others speaks of 200 and 204.
 */
export async function accepted<T>(operation: Operation, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await during(operation, request);
  } catch (error) {
    const status = isObject(error) ? statusOf(error) : undefined;
    if (status !== undefined && status >= 200 && status < 300) return undefined;
    throw error;
  }
}

/** The provider's own code of an API error, e.g. `8522`. */
export function subCodeOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const code = textAt(error, 'code');
  return code !== undefined && /^\d{4}$/.test(code) ? code : undefined;
}

/** Codes of Node and of the SDK for a request that surely never left, and for certificates that stopped it. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const distrusted = /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO_VERIFY/;

/** Judges whatever the SDK, the transport or this package threw. */
export function classifyAzureError(error: unknown): Classification {
  if (OnRecordError.is(error)) {
    const { code, retry, blame, context } = error;
    const { requestId, providerCode, retryAfterMs } = context;
    return {
      code,
      retry,
      blame,
      ...(typeof requestId === 'string' ? { requestId } : {}),
      ...(typeof providerCode === 'string' ? { providerCode } : {}),
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    };
  }
  const operation = isObject(error) ? operations.get(error) : undefined;
  if (!isObject(error))
    return { code: 'unknown', retry: 'never', blame: 'library', message: withoutSecrets(String(error)) };
  const status = statusOf(error);
  if (status !== undefined) return answered(error, status, operation);
  return unanswered(error, operation);
}

function answered(error: Incoming, status: number, operation: Operation | undefined): Classification {
  const subCode = subCodeOf(error);
  const judged = (subCode === undefined ? undefined : bySubCode(subCode)) ?? byStatus(status);
  const header = headersOf(error);
  const requestId = header('x-microsoft-skype-chain-id') ?? header('x-ms-client-request-id');
  const retryAfterMs = retryAfterOf(header);
  return {
    ...judged,
    // A 503 was turned away at the door. Of any other 5xx nobody knows how far it got.
    retry: status >= 500 && status !== 503 && judged.retry === 'safe' ? repeatability(operation) : judged.retry,
    message: `Azure answered ${[status, subCode].filter(Boolean).join('/')}${saying(error)}`,
    ...(requestId === undefined ? {} : { requestId }),
    ...(subCode === undefined ? {} : { providerCode: subCode }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function unanswered(error: Incoming, operation: Operation | undefined): Classification {
  const { name } = error;
  const code = textAt(error, 'code') ?? '';
  if (name === 'AbortError' || name === 'TimeoutError') {
    const judgement = name === 'TimeoutError' ? 'timeout' : 'aborted';
    return { code: judgement, retry: repeatability(operation), blame: 'caller' };
  }
  if (neverSent.includes(code)) {
    const remedy = 'Check the endpoint and the way to it.';
    return {
      code: 'unavailable',
      retry: 'safe',
      blame: 'provider',
      message: `Azure cannot be reached (${code}).`,
      remedy,
    };
  }
  if (distrusted.test(code)) {
    const remedy = 'Check endpoint, proxy and trusted authorities.';
    const message = `The certificate of Azure's host was not accepted (${code}).`;
    return { code: 'unavailable', retry: 'never', blame: 'caller', message, remedy };
  }
  if (code !== '') {
    const message = `The answer of Azure was lost (${code}).`;
    return { code: 'unavailable', retry: repeatability(operation), blame: 'provider', message };
  }
  return {
    code: 'unknown',
    retry: 'never',
    blame: 'library',
    message: withoutSecrets(String(error['message'] ?? name)),
  };
}

/**
 * Whether a request whose answer is missing may be sent again. A start carries its token; an announcement has none and
 * would be heard twice; everything else comes to the same when done twice.
 */
function repeatability(operation: Operation | undefined): Classification['retry'] {
  if (operation === 'start') return 'only-with-same-key';
  return operation === 'announce' ? 'never' : 'safe';
}

function statusOf(error: Incoming): number | undefined {
  for (const status of [error['statusCode'], error['status']]) {
    if (typeof status === 'number' && status >= 100) return status;
  }
  return undefined;
}

function headersOf(error: Incoming): (name: string) => string | undefined {
  const headers = objectAt(error, 'response')['headers'];
  if (typeof headers !== 'object' || headers === null || !('get' in headers)) return () => undefined;
  const { get } = headers;
  return (name) => {
    const value: unknown = typeof get === 'function' ? Reflect.apply(get, headers, [name]) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
}

/** What the service says, if it is a sentence: with an answer that is no JSON, the SDK takes the body for a message. */
function saying(error: Incoming): string {
  const message = textAt(error, 'message')?.trim() ?? '';
  if (message === '' || message.startsWith('<')) return ', without an error body.';
  return `: ${withoutSecrets(message)}`;
}
