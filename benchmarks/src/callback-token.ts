/** A callback of Azure with a token that was never seen before, against `jwtVerify` of jose with the keys at hand. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measure, paired, print } from './paired.ts';

const server = fork(fileURLToPath(new URL('./callback-token-server.ts', import.meta.url)), { stdio: 'ignore' });
const [[port, path]] = (await once(server, 'message')) as [[number, string]];
const client = fileURLToPath(new URL('./callback-token-client.ts', import.meta.url));
try {
  const run = (mode: 'adapter' | 'raw') => () =>
    measure([process.execPath, '--conditions=@onrecord/source', client, mode, path, String(port)]);
  print('callback with a new token / jose', 'CPU µs', 1.1, paired(9, run('adapter'), run('raw')));
} finally {
  server.kill();
}
