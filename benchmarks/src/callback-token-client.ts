/** Checks each token once, as `parse` of the adapter does with the callback that it came with, or with jose alone. Prints CPU µs. */
import { readFileSync } from 'node:fs';
import { azure } from '@onrecord/adapter-azure';
import { systemClock } from '@onrecord/core';
import { createLocalJWKSet, jwtVerify } from 'jose';

const [mode, path = '', port = '0'] = process.argv.slice(2);
const { tokens, keys } = JSON.parse(readFileSync(path, 'utf8')) as { readonly tokens: string[]; readonly keys: string };
const issuer = 'https://acscallautomation.communication.azure.com';
const warmUp = 200;
/** An event of a type that nobody knows: there is nothing to map, so that the token is what takes the time. */
const body = new TextEncoder().encode(
  '[{"specversion":"1.0","id":"1","source":"s","type":"Microsoft.Communication.Benchmark","data":{}}]',
);

function checker(): (token: string) => Promise<unknown> {
  if (mode === 'raw') {
    const local = createLocalJWKSet(JSON.parse(keys));
    return async (token) => {
      const options = { issuer, audience: 'benchmark', algorithms: ['RS256'], requiredClaims: ['exp'] };
      const { payload } = await jwtVerify(token, local, options);
      JSON.parse(new TextDecoder().decode(body));
      return payload;
    };
  }
  const driver = azure({
    connectionString: 'endpoint=https://onrecord.communication.azure.com;accesskey=a2V5',
    callbackUrl: 'https://app.example/callbacks',
    callbackSecret: 'a secret that signs callbacks',
    jwt: { audience: 'benchmark', jwksUrl: `http://127.0.0.1:${port}/keys` },
    allowInsecureLoopback: true,
  });
  const context = { clock: systemClock, signal: new AbortController().signal };
  return async (token) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
    const request = { transport: 'http', method: 'POST', url: 'https://app.example/callbacks', headers, body } as const;
    const { unhandled } = await driver.parse(request, context);
    if (unhandled !== 1) throw new Error('The event was not read.');
  };
}

const check = checker();
for (const token of tokens.slice(0, warmUp)) await check(token);
const before = process.cpuUsage();
for (const token of tokens.slice(warmUp)) await check(token);
const { user, system } = process.cpuUsage(before);
let refused = 0;
const forged = `${(tokens[0] ?? '').slice(0, -8)}AAAAAAAA`;
await check(forged).catch(() => (refused += 1));
if (refused !== 1) throw new Error('A forged token was taken.');
console.log((user + system) / (tokens.length - warmUp));
process.exit();
