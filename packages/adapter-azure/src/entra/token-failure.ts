import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { type Classification, OnRecordError } from '@onrecord/core';
import { type Incoming, isObject, textAt } from '../json-reader.ts';
import { retryAfterOf } from '../retry-after.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { entraRemedy } from './entra-remedies.ts';
import type { Exchange } from './token-http.ts';

type Judgement = Pick<Classification, 'code' | 'retry' | 'blame' | 'remedy'>;

const lasting = { retry: 'never', blame: 'caller' } as const;
const passing = { retry: 'safe', blame: 'provider' } as const;

const elsewhere = 'Check authorityHost, and the way to it.';
const noHost = 'Managed identities exist on hosts of Azure only: check that this is one, and has the identity.';
const wrongOptions = 'Check credential, and the environment that it reads.';
const wrongFile = 'Check certificatePath or tokenFilePath, and who may read the file.';

/** Codes of Node for certificates that stopped a request. */
const distrusted = /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO_VERIFY/;

/**
 * Why no token could be had. No request of ours has left by then, so everything that may pass by itself may be repeated,
 * a start included.
 *
 * The error of `@azure/identity` is not kept as cause: the request in it holds the client secret.
 *
 * @param last what the token endpoint did, where it was asked through us.
 * @param type how a token is had, where the options say it.
 */
export function tokenFailure(error: unknown, last?: Exchange, type?: string): OnRecordError {
  if (OnRecordError.is(error)) return error;
  const thrown = isObject(error) ? error : {};
  if (isOfFile(thrown)) return refusal(undefined, {}, said(thrown, error), { remedy: wrongFile });
  if (last?.error !== undefined) return unanswered(last.error, said(thrown, error), type);
  if (last?.answer !== undefined && last.answer.status >= 400) return answered(last.answer, thrown, type);
  const status = thrown['statusCode'];
  const described = said(thrown, error);
  if (typeof status === 'number') return refusal(status, errorBody(thrown), described);
  if (isUnreachable(thrown)) return unanswered(error, described, type);
  if (last?.answer !== undefined && !isJson(last.answer)) {
    const what = 'The token endpoint answered with something that is no JSON.';
    return new OnRecordError('unavailable', what, { ...passing, remedy: elsewhere });
  }
  return refusal(undefined, {}, described, { type });
}

function answered(answer: PipelineResponse, thrown: Incoming, type: string | undefined): OnRecordError {
  const { status } = answer;
  const more = { type, retryAfterMs: retryAfterOf((name) => answer.headers.get(name)) };
  return refusal(status, parse(answer.bodyAsText ?? ''), said(thrown, undefined), more);
}

function refusal(
  status: number | undefined,
  body: Incoming,
  message: string,
  {
    type,
    retryAfterMs,
    remedy: known,
  }: {
    readonly type?: string | undefined;
    readonly retryAfterMs?: number | undefined;
    readonly remedy?: string | undefined;
  } = {},
): OnRecordError {
  const text = textAt(body, 'error_description') ?? textAt(body, 'errorDescription') ?? message;
  const aadsts = /\bAADSTS\d+/.exec(text)?.[0];
  const { code, remedy, ...advice } = judge(status, aadsts, type);
  const by = status === undefined ? 'No token of Microsoft Entra could be had' : `Microsoft Entra answered ${status}`;
  const short = shortened(text.split(/ ?(?:Trace ID|Correlation ID):/)[0] ?? '');
  return new OnRecordError(code, short === '' ? `${by}.` : `${by}: ${short}`, {
    ...advice,
    remedy: known ?? remedy,
    context: {
      status,
      providerCode: aadsts ?? textAt(body, 'error'),
      requestId: textAt(body, 'correlation_id') ?? textAt(body, 'correlationId') ?? textAt(body, 'trace_id'),
      retryAfterMs,
    },
  });
}

function judge(status: number | undefined, aadsts: string | undefined, type: string | undefined): Judgement {
  if (status === 429) return { code: 'rate-limited', ...passing };
  if (status === 408 || (status !== undefined && status >= 500)) return { code: 'unavailable', ...passing };
  // A host that has just started, or is being updated: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
  if (type === 'managed-identity' && (status === 404 || status === 410)) {
    return { code: 'unavailable', ...passing, remedy: noHost };
  }
  // MSAL sends for every managed identity of a process over the first one's connection: here nobody saw the answer.
  if (type === 'managed-identity' && status === undefined) {
    return { code: 'unauthenticated', retry: 'safe', blame: 'caller', remedy: noHost };
  }
  return { code: 'unauthenticated', ...lasting, remedy: entraRemedy(aadsts) ?? wrongOptions };
}

function unanswered(error: unknown, described: string, type: string | undefined): OnRecordError {
  const { name } = isObject(error) ? error : {};
  const code = isObject(error) ? (textAt(error, 'code') ?? '') : '';
  if (name === 'AbortError' || name === 'TimeoutError') {
    return new OnRecordError('timeout', 'The token endpoint did not answer in time.', {
      ...passing,
      remedy: elsewhere,
    });
  }
  if (distrusted.test(code)) {
    const remedy = 'Check authorityHost, proxy and trusted authorities.';
    const what = `The certificate of the token endpoint was not accepted (${code}).`;
    return new OnRecordError('unavailable', what, { ...lasting, remedy });
  }
  const what = `No token of Microsoft Entra could be had${code === '' ? '' : ` (${code})`}: ${shortened(described)}`;
  const remedy = type === 'managed-identity' ? noHost : elsewhere;
  return new OnRecordError('unavailable', what, { ...passing, remedy });
}

/** The answer of the token endpoint in an `AuthenticationError`. */
function errorBody(thrown: Incoming): Incoming {
  const { errorResponse } = thrown;
  return isObject(errorResponse) ? errorResponse : {};
}

/** A file of the credential that cannot be read: Node gives such errors codes as it does those of the network. */
function isOfFile(thrown: Incoming): boolean {
  const isFile = ['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES', 'EPERM'].includes(textAt(thrown, 'code') ?? '');
  return isFile && thrown['syscall'] !== 'connect';
}

function isUnreachable(thrown: Incoming): boolean {
  if (thrown['name'] === 'AbortError' || thrown['name'] === 'TimeoutError') return true;
  if (/\bnetwork_error\b/.test(said(thrown, undefined))) return true;
  return /^E[A-Z_]+$/.test(textAt(thrown, 'code') ?? '') || distrusted.test(textAt(thrown, 'code') ?? '');
}

function said(thrown: Incoming, error: unknown): string {
  return textAt(thrown, 'message') ?? (typeof error === 'string' ? error : '');
}

/** Fields of a request for a token that prove who asks, wherever they are repeated. */
const proofs = /\b(client_secret|client_assertion|access_token|refresh_token)(["']?\s*[:=]\s*["']?)[^\s"'&,]+/gi;

function shortened(text: string): string {
  return withoutSecrets(text.replace(proofs, '$1$2[secret]'));
}

function isJson({ bodyAsText }: PipelineResponse): boolean {
  return Object.keys(parse(bodyAsText ?? '')).length > 0;
}

function parse(text: string): Incoming {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
