import type { ErrorCode, RetryAdvice } from './codes.ts';
import { OnRecordError } from './on-record-error.ts';

/** Longest text that is kept of a message: some SDKs put whole documents into theirs. */
const longestMessage = 1_000;

const queries = /([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#"'<>@]*@)?([^\s?#"'<>]*)\?[^\s"'<>]*/gi;
const userInfo = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>@]+@/gi;
const credentials = /\b(Bearer|Basic|SharedKey|SharedAccessSignature)\s+[^\s"'<>]+/gi;
const members =
  /\b([\w.-]*(?:access[-_]?key|account[-_]?key|signature|secret|password|token|credential|api[-_]?key)|sig)(["']?\s*[=:]\s*["']?)[^&;,\s"'<>]+/gi;

/**
 * Text of an error as it may be logged and stored: addresses lose their queries and credentials (a signed link is a key
 * to the recording), and so do values that call themselves secret.
 */
export function withoutSecrets(text: string): string {
  const clean = text
    .replace(queries, '$1$2?…')
    .replace(userInfo, '$1')
    .replace(credentials, '$1 …')
    .replace(members, '$1$2…');
  return clean.length > longestMessage ? `${clean.slice(0, longestMessage)}…` : clean;
}

/** What a log line says of an error. */
export interface ErrorFields {
  readonly message: string;
  readonly code?: ErrorCode | undefined;
  readonly retry?: RetryAdvice | undefined;
  /** The provider's own id of the failed request. */
  readonly requestId?: string | undefined;
  readonly providerCode?: string | undefined;
  /** Only where the error is none of ours: then somebody has to look for it. */
  readonly stack?: string | undefined;
}

/** An error without what SDKs hang on theirs: requests with their headers, answers with their bodies. */
export function errorFields(error: unknown): ErrorFields {
  if (!OnRecordError.is(error)) {
    if (!(error instanceof Error)) return { message: withoutSecrets(String(error)) };
    return {
      message: withoutSecrets(error.message),
      ...(error.stack === undefined ? {} : { stack: withoutSecrets(error.stack) }),
    };
  }
  const { message, code, retry, context } = error;
  const { requestId, providerCode } = context;
  return {
    message: withoutSecrets(message),
    code,
    retry,
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(typeof providerCode === 'string' ? { providerCode } : {}),
  };
}
