/**
 * Runs a worker over the store and the archive named on the command line. Its provider sends half of every file, says
 * so to the parent process, and then nothing more: the parent kills this process in the middle of the transfer.
 */
import { sqliteSessionStore } from '@onrecord/session-store';
import { filesystem } from '@onrecord/storage';
import { createWorker } from '../worker.ts';
import { HostingProvider, hostingDriver } from './hosting-driver.ts';
import { wav } from './scene.ts';

const [database, folder] = process.argv.slice(2);
if (!database || !folder || !process.send) throw new Error('usage: fork with <database> <archive folder>');

const bytes = wav(60_000);
const driver = {
  ...hostingDriver(new HostingProvider(), () => Date.now()),
  async doOpenArtifact() {
    async function* body(): AsyncGenerator<Uint8Array> {
      const half = Math.floor(bytes.length / 2);
      for (let offset = 0; offset < half; offset += 64 * 1024) {
        yield bytes.subarray(offset, Math.min(half, offset + 64 * 1024));
      }
      process.send?.('half');
      await new Promise(() => {});
    }
    return { body: body(), bytes: bytes.length };
  },
};

await createWorker({
  store: sqliteSessionStore({ path: database }),
  instances: { main: { driver } },
  archive: filesystem(folder),
  owner: 'killed',
}).tick();
