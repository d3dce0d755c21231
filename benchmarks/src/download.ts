/** A recording of 1 GiB through the adapter's downloader into a file, against a plain GET into a file. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measure, paired, print } from './paired.ts';

const server = fork(fileURLToPath(new URL('./download-server.ts', import.meta.url)), { stdio: 'ignore' });
const [port] = (await once(server, 'message')) as [number];
const client = fileURLToPath(new URL('./download-client.ts', import.meta.url));
try {
  const run = (mode: 'adapter' | 'raw', figure: 'cpu' | 'memory') => () =>
    measure([process.execPath, '--conditions=@onrecord/source', client, mode, figure, String(port)]);
  print('download of 1 GiB / raw GET into a file', 'CPU s', 1.1, paired(5, run('adapter', 'cpu'), run('raw', 'cpu')));
  print(
    'download of 1 GiB / raw GET into a file, memory at its highest',
    'MiB',
    1.1,
    paired(3, run('adapter', 'memory'), run('raw', 'memory')),
  );
} finally {
  server.kill();
}
