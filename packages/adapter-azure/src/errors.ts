import { type Classification, OnRecordError } from '@onrecord/core';
import { headersOf, isUnreadable, providerCodeOf, sentenceOf, statusOf } from './answered-error.ts';
import { cleanse } from './cleanse-error.ts';
import { clockAdvice } from './clock-skew.ts';
import { judgementOf, meansCallOver, meansOver } from './error-table.ts';
import { type Incoming, isObject, objectAt, textAt } from './json-reader.ts';
import { retryAfterOf } from './retry-after.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What a request was for: whether it may be repeated depends on it, and not every error of the SDK tells. */
export type Operation = 'start' | 'pause' | 'resume' | 'stop' | 'status' | 'announce' | 'open' | 'delete';

const operations = new WeakMap<object, Operation>();

/**
 * Runs a request and remembers, with an error, what it was for. What is thrown that is no object becomes an Error; secrets
 * that the service quoted are taken out.
 */
export async function during<T>(operation: Operation, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (thrown) {
    const error = typeof thrown === 'object' && thrown !== null ? thrown : new ThrownText(String(thrown));
    operations.set(error, operation);
    cleanse(error);
    throw error;
  }
}

/** The SDK throws bare texts where an answer lacks what it expects. */
class ThrownText extends Error {
  override readonly name = 'ThrownText';
}

/**
 * As {@link during}, and undefined where the service said yes in a way that the SDK takes for an error: it expects one
 * status per operation, and the documentation of others speaks of 200 and 204. A start whose yes cannot be read counts
 * as unanswered: repeated, it gets the same answer again, with the id of the recording.
 */
export async function accepted<T>(operation: Operation, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await during(operation, request);
  } catch (error) {
    if (isObject(error) && isYes(error) && !(operation === 'start' && isUnreadable(error))) return undefined;
    throw error;
  }
}

function isYes(error: Incoming): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 200 && status < 300;
}

/** The provider's own code of an API error, e.g. `8522`. */
export function subCodeOf(error: unknown): string | undefined {
  return isObject(error) ? providerCodeOf(error) : undefined;
}

/** What an error about a recording proves to be over: the recording, or with it its whole call. */
export function overIn(error: unknown): 'recording' | 'call' | undefined {
  if (!isObject(error)) return undefined;
  const [status, subCode] = [statusOf(error), providerCodeOf(error)];
  if (status === undefined || subCode === undefined || !meansOver(status, subCode)) return undefined;
  return meansCallOver(status, subCode) ? 'call' : 'recording';
}

/** Codes of Node and of the SDK for a request that surely never left, and for certificates that stopped it. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const distrusted = /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|UNABLE_TO_VERIFY/;

/** Judges whatever the SDK, the transport or this package threw. */
export function classifyAzureError(error: unknown): Classification {
  if (OnRecordError.is(error)) return ownWords(error);
  if (!isObject(error))
    return { code: 'unknown', retry: 'never', blame: 'library', message: withoutSecrets(String(error)) };
  const operation = operations.get(error);
  const status = statusOf(error);
  if (status !== undefined) return answered(error, status, operation);
  return unanswered(error, operation);
}

function ownWords({ code, retry, blame, context }: OnRecordError): Classification {
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

function answered(error: Incoming, status: number, operation: Operation | undefined): Classification {
  const providerCode = providerCodeOf(error);
  const judged: Classification =
    isYes(error) && isUnreadable(error)
      ? { code: 'unavailable', blame: 'provider', retry: repeatability(operation) }
      : judgementOf(status, providerCode);
  const header = headersOf(error);
  const requestId = header('x-microsoft-skype-chain-id') ?? header('x-ms-client-request-id');
  const retryAfterMs = retryAfterOf(header);
  const signedAt = headersOf({ response: objectAt(error, 'request') })('x-ms-date');
  const setClock = status === 401 ? clockAdvice(signedAt, header('date')) : undefined;
  // A 503 was turned away at the door. Of any other 5xx, and of a time-out, nobody knows how far it got.
  const doubtful = (status >= 500 && status !== 503) || status === 408;
  // After a lost answer the recording may have begun, and ended with its call: `never` would deny that.
  const tooLate = operation === 'start' && providerCode !== undefined && meansOver(status, providerCode);
  return {
    ...judged,
    retry: tooLate ? 'exhausted' : doubtful && judged.retry === 'safe' ? repeatability(operation) : judged.retry,
    message: `Azure answered ${[status, providerCode].filter(Boolean).join('/')}${sentenceOf(error)}`,
    ...(setClock === undefined ? {} : { remedy: setClock }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(providerCode === undefined ? {} : { providerCode }),
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
    const message = `Azure cannot be reached (${code}).`;
    return { code: 'unavailable', retry: 'safe', blame: 'provider', message, remedy };
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
  const said = withoutSecrets(String(error['message'] ?? name));
  if (name === 'SyntaxError' || error instanceof ThrownText) {
    // The SDK got an answer and failed at reading it: what was asked for may have been done.
    const message = `Azure's answer was not what the SDK expects: ${said}`;
    return { code: 'provider-contract', retry: repeatability(operation), blame: 'provider', message };
  }
  return { code: 'unknown', retry: 'never', blame: 'library', message: said };
}

/**
 * Whether a request whose answer is missing may be sent again. A start carries its token; an announcement has none and
 * would be heard twice; everything else comes to the same when done twice.
 */
function repeatability(operation: Operation | undefined): Classification['retry'] {
  if (operation === 'start') return 'only-with-same-key';
  return operation === 'announce' ? 'never' : 'safe';
}
