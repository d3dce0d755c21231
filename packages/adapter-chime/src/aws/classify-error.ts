import { type Classification, OnRecordError } from '@onrecord/core';
import { hintFor } from './error-hints.ts';
import { missingNames, plainName, type Verdict, verdicts } from './errors-by-name.ts';
import { retryAfterMs } from './retry-after.ts';
import { classifyUnanswered, type Unanswered } from './unanswered.ts';

/** What the SDKs add to errors, as far as it is read here. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  /** A member of the body; no reliable copy of the name. */
  readonly Code?: unknown;
  readonly RequestId?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string } | undefined;
  readonly $response?: {
    readonly statusCode?: number;
    readonly headers?: { readonly [name: string]: string | undefined };
  };
}

/**
 * Judges what a Chime SDK client threw, by name, HTTP status *and* text: a 400 is a bad request or a limit, and which of
 * the two only the name says; the member `Code` is no copy of the name; what is wrong with a bucket only the text says;
 * and an answer in HTML arrives as a bare SyntaxError.
 *
 * @param unanswered whether a request whose answer is missing may be repeated as it is.
 */
export function classifyAwsError(error: unknown, unanswered: Unanswered): Classification {
  if (OnRecordError.is(error)) {
    const { code, retry, blame } = error;
    const { retryAfterMs, requestId } = error.context;
    return {
      code,
      retry,
      blame,
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
      ...(typeof requestId === 'string' ? { requestId } : {}),
    };
  }
  const known: SdkError = typeof error === 'object' && error !== null ? error : {};
  const status = known.$metadata?.httpStatusCode ?? known.$response?.statusCode;
  const name = text(known.name);
  const headers = known.$response?.headers ?? {};
  const requestId = known.$metadata?.requestId ?? headers['x-amzn-requestid'] ?? (text(known.RequestId) || undefined);
  const asked = retryAfterMs(headers);
  const details = {
    ...(requestId === undefined ? {} : { requestId }),
    ...(name === '' ? {} : { providerCode: name }),
    ...(asked === undefined ? {} : { retryAfterMs: asked }),
  };
  if (name === 'SyntaxError' || (status !== undefined && status < 400)) {
    const message = `AWS answered${status === undefined ? '' : ` ${status}`} with something that is no JSON.`;
    return { code: 'provider-contract', retry: unanswered, blame: 'provider', message, ...details };
  }
  if (status === undefined) {
    return {
      ...classifyUnanswered({ name, code: text(known.code), message: text(known.message) }, unanswered),
      ...details,
    };
  }
  return { ...judged(status, known), ...details };
}

function judged(status: number, error: SdkError): Classification {
  const verdict = byName(error.name) ?? byName(error.Code) ?? byStatus(status);
  const hint = [400, 401, 403].includes(status) ? hintFor(text(error.message)) : {};
  const code = hint.code ?? verdict.code;
  if (code === verdict.code) return { ...verdict, ...hint };
  // The text says what the name does not: a limit passes by itself, everything else that it tells of does not.
  const { retry, retryAfterMs } = (code === 'quota-exceeded' ? verdicts['LimitExceeded'] : undefined) ?? {
    retry: 'never',
    retryAfterMs: undefined,
  };
  const blame = hint.blame ?? (code === 'quota-exceeded' ? 'provider' : verdict.blame);
  return {
    code,
    retry,
    blame,
    ...(hint.remedy === undefined ? {} : { remedy: hint.remedy }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function byName(given: unknown): Verdict | undefined {
  const name = plainName(text(given));
  return Object.hasOwn(verdicts, name) ? verdicts[name] : undefined;
}

/** For an error without a name that is known: an empty answer is an `UnknownError`. */
function byStatus(status: number): Verdict {
  switch (status) {
    case 401:
      return verdicts['Unauthorized']!;
    case 403:
      return verdicts['Forbidden']!;
    case 404:
      // Something before the service, or another server: nothing of ours is gone because of it.
      return verdicts['UnknownOperation']!;
    case 408:
      return { code: 'timeout', retry: 'safe', blame: 'provider' };
    case 409:
    case 412:
      return verdicts['Conflict']!;
    case 410:
      return verdicts['Gone']!;
    case 429:
      return verdicts['Throttling']!;
    default:
      return verdicts[status >= 500 ? 'ServiceUnavailable' : 'BadRequest']!;
  }
}

/** Whether the service itself says that there is no such thing (any more). */
export function isNotFound(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, Code, $metadata }: SdkError = error;
  const status = $metadata?.httpStatusCode;
  const said = [name, Code].some((each) => missingNames.includes(plainName(text(each))));
  return said && (status === 404 || status === 410);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
