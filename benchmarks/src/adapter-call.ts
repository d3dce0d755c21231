/** One status call through the adapter against the same call through the vendor's SDK, CPU time of the client process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { alternated, print } from './paired.ts';
import { statusCalls } from './status-calls.ts';

const server = fork(fileURLToPath(new URL('./status-server.ts', import.meta.url)), { stdio: 'ignore' });
const [port] = (await once(server, 'message')) as [number];
const { adapter, raw } = statusCalls(port);
const calls = 50;

/** CPU microseconds of one call. */
const cpuOf = (call: () => Promise<unknown>) => async () => {
  const before = process.cpuUsage();
  for (let index = 0; index < calls; index++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
};

try {
  // A difference of some microseconds drowns in that of two processes, so one process makes both calls by turns.
  print('adapter call / raw SDK call', 'CPU µs', 1.03, await alternated(80, cpuOf(adapter), cpuOf(raw)));
} finally {
  server.kill();
}
process.exit();
