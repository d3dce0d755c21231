import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { OnRecordError } from '@onrecord/core';
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import type { TokenRules } from '../config/token-rules.ts';
import type { Transport } from '../transport.ts';
import { forged } from './callback-url.ts';

/** Checks the `Authorization` header of a callback. */
export type TokenCheck = (authorization: string | undefined, nowMs: number) => Promise<void>;

/**
 * Checks callbacks by the service's own JWT: RS256, issuer, audience, expiry. Keys are fetched once and again after ten
 * minutes, or when a token names an unknown one, at most every 30 s.
 *
 * @throws OnRecordError `signature-invalid` for a token that does not hold, `unavailable` when the keys cannot be had.
 * @see {@link https://learn.microsoft.com/azure/communication-services/how-tos/call-automation/secure-webhook-endpoint}
 */
export function createTokenCheck(rules: TokenRules, transport: Transport): TokenCheck {
  const keys = createRemoteJWKSet(rules.jwksUrl, {
    [customFetch]: async (url, { signal }) => {
      const insecure = rules.jwksUrl.protocol === 'http:';
      const request = createPipelineRequest({ url, abortSignal: signal, allowInsecureConnection: insecure });
      const { status, bodyAsText } = await transport.send(request);
      return new Response(bodyAsText ?? '', { status });
    },
  });
  return async (authorization, nowMs) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw forged('it carries no bearer token.');
    try {
      await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer: rules.issuer,
        audience: [...rules.audience],
        requiredClaims: ['exp'],
        clockTolerance: rules.clockSkewMs / 1000,
        currentDate: new Date(nowMs),
      });
    } catch (error) {
      if (isVerdict(error)) throw forged(`its token does not hold (${error.code}).`);
      throw new OnRecordError('unavailable', `The keys of ${rules.issuer} could not be fetched.`, {
        retry: 'safe',
        blame: 'provider',
        remedy: `Check that ${rules.jwksUrl.origin} can be reached.`,
        cause: error,
      });
    }
  };
}

/** Whether jose judged the token; what it could not judge, for want of keys, says nothing about the token. */
function isVerdict(error: unknown): error is errors.JOSEError {
  if (!(error instanceof errors.JOSEError)) return false;
  const unjudged = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];
  return !unjudged.includes(error.code);
}
