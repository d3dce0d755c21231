import { type Classification, OnRecordError } from '@onrecord/core';
import { AriError, type Operation } from './client/ari-error.ts';
import { byAnswer, byStatusAlone } from './error-table.ts';

/** Codes of Node for a request that surely never left, and for certificates that stopped it. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];
const distrusted = /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO|UNABLE_TO_VERIFY/;

/** Judges whatever the interface, the connection or this package threw. */
export function classifyAsteriskError(error: unknown): Classification {
  if (OnRecordError.is(error)) {
    const { code, retry, blame, context } = error;
    const { providerCode, retryAfterMs } = context;
    return {
      code,
      retry,
      blame,
      ...(typeof providerCode === 'string' ? { providerCode } : {}),
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    };
  }
  if (error instanceof AriError) {
    return error.status === undefined ? unanswered(error) : answered(error, error.status);
  }
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return {
      code: error.name === 'TimeoutError' ? 'timeout' : 'aborted',
      retry: 'only-with-same-key',
      blame: 'caller',
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unknown', retry: 'never', blame: 'library', message };
}

function answered({ operation, request, ariMessage }: AriError, status: number): Classification {
  const judged = (ariMessage === undefined ? undefined : byAnswer(status, ariMessage)) ?? byStatusAlone(status);
  const said = ariMessage === undefined ? ', which is no answer of ARI.' : `: ${sentence(ariMessage)}`;
  return {
    ...judged,
    // A 503 was turned away at the door. Of any other 5xx nobody knows how far it got.
    retry: status >= 500 && status !== 503 && judged.retry === 'safe' ? repeatability(operation) : judged.retry,
    message: `Asterisk answered ${request} with ${status}${said}`,
    providerCode: String(status),
  };
}

function unanswered({ operation, request, networkCode = 'unknown' }: AriError): Classification {
  if (neverSent.includes(networkCode)) {
    return {
      code: 'unavailable',
      retry: 'safe',
      blame: 'provider',
      message: `Asterisk cannot be reached (${networkCode}).`,
      remedy: 'Check url, that Asterisk runs, and that http.conf has enabled = yes.',
    };
  }
  if (networkCode === 'BAD_PORT') {
    return {
      code: 'unavailable',
      retry: 'never',
      blame: 'caller',
      message: 'The port in url belongs to another protocol, so nothing is sent there.',
      remedy: 'Give the port of http.conf, 8088 or 8089 as a rule.',
    };
  }
  if (networkCode === 'REDIRECT') {
    return {
      code: 'provider-contract',
      retry: 'never',
      blame: 'caller',
      message: `${request} was redirected, and credentials follow nobody.`,
      remedy: 'Give the final address as url.',
    };
  }
  if (distrusted.test(networkCode)) {
    return {
      code: 'unavailable',
      retry: 'never',
      blame: 'caller',
      message: `No secure connection to Asterisk came about (${networkCode}).`,
      remedy:
        'Check that url has the right scheme and port, and that its certificate is trusted (NODE_EXTRA_CA_CERTS).',
    };
  }
  return {
    code: 'unavailable',
    retry: repeatability(operation),
    blame: 'provider',
    message: `The answer to ${request} was lost (${networkCode}).`,
  };
}

/**
 * Whether a request whose answer is missing may be sent again. A start finds by its names what it began; an announcement
 * has none that lasts, and would be heard twice; everything else comes to the same when done twice.
 */
function repeatability(operation: Operation): Classification['retry'] {
  if (operation === 'start') return 'only-with-same-key';
  return operation === 'announce' ? 'never' : 'safe';
}

function sentence(text: string): string {
  const clean = text.replace(/\s+/g, ' ').trim().slice(0, 300);
  return /[.!?]$/.test(clean) ? clean : `${clean}.`;
}
