/** One status call through the adapter against the same call through the vendor's SDK, CPU time of the client process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measure, paired, print } from './paired.ts';

const server = fork(fileURLToPath(new URL('./status-server.ts', import.meta.url)), { stdio: 'ignore' });
const [port] = (await once(server, 'message')) as [number];
const client = fileURLToPath(new URL('./status-client.ts', import.meta.url));
try {
  const run = (mode: 'adapter' | 'raw') => () =>
    measure([process.execPath, '--conditions=@onrecord/source', client, mode, String(port)]);
  print('adapter call / raw SDK call', 'CPU µs', 1.03, paired(7, run('adapter'), run('raw')));
} finally {
  server.kill();
}
