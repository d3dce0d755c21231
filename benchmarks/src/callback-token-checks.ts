import { azure } from '@onrecord/adapter-azure';
import { systemClock } from '@onrecord/core';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
// The check is no part of the public API; `parse` makes it together with everything else.
import { createTokenCheck } from '../../packages/adapter-azure/src/callback/callback-token.ts';
import { resolveConfig } from '../../packages/adapter-azure/src/config/config.ts';
import { createTransport } from '../../packages/adapter-azure/src/transport.ts';

/** An event of a type that nobody knows: there is nothing to map. */
const body = new TextEncoder().encode(
  '[{"specversion":"1.0","id":"1","source":"s","type":"Microsoft.Communication.Benchmark","data":{}}]',
);

export type TokenCheck = (token: string) => Promise<void>;

/** A token checked by jose alone, as the adapter checks it, and as part of the callback that it came with. */
export function tokenChecks(
  keys: JSONWebKeySet,
  jwksUrl: string,
): Readonly<Record<'jose' | 'check' | 'callback', TokenCheck>> {
  const local = createLocalJWKSet(keys);
  const expected = {
    issuer: 'https://acscallautomation.communication.azure.com',
    audience: 'benchmark',
    algorithms: ['RS256'],
    requiredClaims: ['exp'],
  };
  const options = {
    connectionString: 'endpoint=https://onrecord.communication.azure.com;accesskey=a2V5',
    callbackUrl: 'https://app.example/callbacks',
    callbackSecret: 'a secret that signs callbacks',
    jwt: { audience: 'benchmark', jwksUrl },
    allowInsecureLoopback: true,
  };
  const config = resolveConfig(options);
  if (!config.token) throw new Error('Tokens are not configured.');
  const check = createTokenCheck(config.token, createTransport(config));
  const driver = azure(options);
  const context = { clock: systemClock, signal: new AbortController().signal };
  return {
    async jose(token) {
      await jwtVerify(token, local, expected);
    },
    check: (token) => check(`Bearer ${token}`, systemClock),
    async callback(token) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
      const { callbackUrl: url } = options;
      const { unhandled } = await driver.parse({ transport: 'http', method: 'POST', url, headers, body }, context);
      if (unhandled !== 1) throw new Error('The event was not read.');
    },
  };
}
