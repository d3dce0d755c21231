import type { Classification } from '@onrecord/core';

/** Whether a request whose answer is missing may be repeated as it is. */
export type Unanswered = 'safe' | 'only-with-same-key';

/** Node's codes for a request that surely never left. */
const neverSent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Node's codes for a server that is not trusted: nothing was sent to it. */
const untrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_)/;

interface Failure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Judges what a client threw without an answer of the service. */
export function classifyUnanswered({ name, code, message }: Failure, unanswered: Unanswered): Classification {
  if (name === 'AbortError') return { code: 'aborted', retry: unanswered, blame: 'caller' };
  // The SDK gives lost connections this name, too.
  if (name === 'TimeoutError' && (code === '' || code === 'ETIMEDOUT')) {
    return { code: 'timeout', retry: unanswered, blame: 'provider' };
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return { code: 'unauthenticated', retry: 'never', blame: 'caller', remedy: 'Configure AWS credentials.' };
  }
  if (neverSent.includes(code)) {
    const told = `AWS cannot be reached (${code}).`;
    const remedy = 'Check the region, the endpoint and the network between here and AWS.';
    return { code: 'unavailable', retry: 'safe', blame: 'provider', message: told, remedy };
  }
  if (untrusted.test(code)) {
    const told = `The certificate of the endpoint is not trusted (${code}).`;
    const remedy = 'Check the endpoint, or trust its authority with NODE_EXTRA_CA_CERTS.';
    return { code: 'unavailable', retry: 'never', blame: 'caller', message: told, remedy };
  }
  if (code !== '') {
    return {
      code: 'unavailable',
      retry: unanswered,
      blame: 'provider',
      message: `The answer of AWS was lost (${code}).`,
    };
  }
  // Thrown before anything is sent.
  if (/No value provided for input HTTP label|Region is missing/.test(message)) {
    return { code: 'invalid-request', retry: 'never', blame: 'caller' };
  }
  return { code: 'unknown', retry: 'never', blame: 'library' };
}
