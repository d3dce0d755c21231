/** The inventory of a meeting of six hours, 4 320 chunks in each of six streams, against a plain loop over its listing. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measure, paired, print } from './paired.ts';

const server = fork(fileURLToPath(new URL('./meeting-bucket.ts', import.meta.url)), {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
const [port] = (await once(server, 'message')) as [number];
const client = fileURLToPath(new URL('./meeting-listing.ts', import.meta.url));

const run = (mode: 'inventory' | 'plain', figure: 'cpu' | 'time' | 'memory', hours: '1h' | '6h') => () =>
  measure([
    process.execPath,
    '--conditions=@onrecord/source',
    ...(figure === 'memory' ? ['--expose-gc'] : []),
    client,
    mode,
    figure,
    hours,
    String(port),
  ]);

async function listed(): Promise<number> {
  server.send('requests');
  const [count] = (await once(server, 'message')) as [number];
  return count;
}

try {
  const before = await listed();
  run('inventory', 'time', '6h')();
  const passes = 3;
  const chunks = 6 * 4_320;
  const requests = ((await listed()) - before) / passes;
  const met = requests === Math.ceil(chunks / 1_000) ? 'met' : 'NOT met';
  console.log(`list requests for ${chunks} chunks: ${requests}, goal ${Math.ceil(chunks / 1_000)}: ${met}`);
  print(
    'inventory / plain listing',
    'CPU ms',
    1.15,
    paired(3, run('inventory', 'cpu', '6h'), run('plain', 'cpu', '6h')),
  );
  print('inventory / plain listing', 'ms', 1.15, paired(3, run('inventory', 'time', '6h'), run('plain', 'time', '6h')));
  print(
    'inventory / plain listing, heap at its highest',
    'MiB',
    1.15,
    paired(1, run('inventory', 'memory', '6h'), run('plain', 'memory', '6h')),
  );
  print(
    'six hours / one hour, heap at its highest',
    'MiB',
    1.1,
    paired(1, run('inventory', 'memory', '6h'), run('inventory', 'memory', '1h')),
  );
} finally {
  server.kill();
}
