/** A callback of Azure with a token that was never seen before, against `jwtVerify` of jose with the keys at hand. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JSONWebKeySet } from 'jose';
import { type TokenCheck, tokenChecks } from './callback-token-checks.ts';
import { alternated, print } from './paired.ts';

const server = fork(fileURLToPath(new URL('./callback-token-server.ts', import.meta.url)), { stdio: 'ignore' });
const [[port, path]] = (await once(server, 'message')) as [[number, string]];
const { tokens, keys } = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly tokens: readonly string[];
  readonly keys: JSONWebKeySet;
};
const { jose, check, callback } = tokenChecks(keys, `http://127.0.0.1:${port}/keys`);
const calls = 20;

/** CPU microseconds of one check, each of another token. */
function cpuOf(checked: TokenCheck): () => Promise<number> {
  let next = 0;
  return async () => {
    const some = tokens.slice(next, next + calls);
    next += calls;
    if (some.length < calls) throw new Error('There are too few tokens.');
    const before = process.cpuUsage();
    for (const token of some) await checked(token);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / calls;
  };
}

try {
  const forged = `${(tokens[0] ?? '').slice(0, -8)}AAAAAAAA`;
  for (const checked of [jose, check, callback]) {
    const taken = await checked(forged).then(
      () => true,
      () => false,
    );
    if (taken) throw new Error('A forged token was taken.');
  }
  print('check of a new token / jose', 'CPU µs', 1.1, await alternated(140, cpuOf(check), cpuOf(jose)));
  print('callback with a new token / jose', 'CPU µs', 1.3, await alternated(140, cpuOf(callback), cpuOf(jose)));
} finally {
  server.kill();
}
process.exit();
