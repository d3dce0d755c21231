/**
 * Runs a worker over the store and the archive named on the command line. Its provider hands out a file that breaks off;
 * at the step that is named the worker says so to the parent process and does nothing more: the parent kills it there.
 */
import { sqliteSessionStore } from '@onrecord/session-store';
import { filesystem } from '@onrecord/storage';
import { createWorker } from '../worker.ts';
import { brokenWav } from './broken-wav.ts';
import { HostingProvider, hostingDriver } from './hosting-driver.ts';
import { putting } from './scene.ts';

const [database, folder, uri, step] = process.argv.slice(2);
if (!database || !folder || !uri || !step || !process.send) throw new Error('usage: fork with four arguments');

async function stop(): Promise<never> {
  process.send?.(step);
  return new Promise(() => {});
}

async function* half(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const piece of body) {
    passed += piece.length;
    if (passed > 400_000) await stop();
    yield piece;
  }
}

const provider = new HostingProvider();
provider.files.set(uri, brokenWav(60_000));
const archive = filesystem(folder);

await createWorker({
  store: sqliteSessionStore({ path: database }),
  instances: { main: { driver: hostingDriver(provider, () => Date.now()) } },
  archive: putting(archive, async (key, body, options) => {
    const isCopy = key.includes('repaired');
    const stored = await archive.doPut(key, isCopy && step === 'inside the copy' ? half(body) : body, options);
    if (step === (isCopy ? 'after the copy' : 'after the master')) await stop();
    return stored;
  }),
  owner: 'killed',
}).tick();
