import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { type Clock, OnRecordError } from '@onrecord/core';
import { errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { TokenRules } from '../config/token-rules.ts';
import type { Transport } from '../transport.ts';
import { forged } from './callback-url.ts';
import { KeySet } from './key-set.ts';

/** Checks the `Authorization` header of a callback. */
export type TokenCheck = (authorization: string | undefined, clock: Clock) => Promise<void>;

/** The sender waits for its answer while the keys are fetched: no longer than this, ms. */
const patienceMs = 5_000;

/**
 * Checks callbacks by the service's own JWT: RS256, issuer, audience, expiry, and that it is not from a time to come.
 *
 * @throws OnRecordError `signature-invalid` for a token that does not hold, `unavailable` when the keys cannot be had.
 * @see {@link https://learn.microsoft.com/azure/communication-services/how-tos/call-automation/secure-webhook-endpoint}
 */
export function createTokenCheck(rules: TokenRules, transport: Transport): TokenCheck {
  const keys = new KeySet((clock) => fetchKeys(rules.jwksUrl, transport, clock));
  return async (authorization, clock) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw forged('it carries no bearer token.');
    try {
      const nowMs = clock.now();
      const { payload } = await jwtVerify(token, (header, input) => keys.keyOf(header, input, clock), {
        algorithms: ['RS256'],
        issuer: rules.issuer,
        audience: [...rules.audience],
        requiredClaims: ['exp'],
        clockTolerance: rules.clockSkewMs / 1000,
        currentDate: new Date(nowMs),
      });
      checkIssuedAt(payload, nowMs + rules.clockSkewMs);
    } catch (error) {
      if (error instanceof errors.JOSEError) throw forged(`its token does not hold (${error.code}).`);
      if (OnRecordError.is(error)) throw error;
      throw new OnRecordError('unavailable', `The keys of ${rules.issuer} could not be fetched.`, {
        retry: 'safe',
        blame: 'provider',
        remedy: `Check that ${rules.jwksUrl.origin} can be reached.`,
        cause: error,
      });
    }
  };
}

function checkIssuedAt({ iat }: JWTPayload, latestMs: number): void {
  if (iat !== undefined && iat * 1000 > latestMs) throw forged('its token was issued in the future.');
}

async function fetchKeys(url: URL, transport: Transport, clock: Clock): Promise<JSONWebKeySet> {
  const settled = new AbortController();
  const late = new AbortController();
  void clock.delay(patienceMs, { signal: settled.signal }).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    const allowInsecureConnection = url.protocol === 'http:';
    const request = createPipelineRequest({ url: url.href, abortSignal: late.signal, allowInsecureConnection });
    const { status, bodyAsText } = await transport.send(request);
    if (status !== 200) throw new Error(`The key set was answered with ${status}.`);
    return JSON.parse(bodyAsText ?? '') as JSONWebKeySet;
  } finally {
    settled.abort();
  }
}
