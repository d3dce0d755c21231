import { randomUUID } from 'node:crypto';
import { type SessionStore, Storage, type StorageDriver } from '@onrecord/core';
import { attempt, type Check } from './check.ts';

const text = new TextEncoder();

/** Writes an object of a name of its own, reads it back and deletes it. */
export function writeAndRead(id: string, driver: StorageDriver, signal: AbortSignal): Promise<Check> {
  const key = `onrecord-doctor/${randomUUID()}.txt`;
  const where = folderOf(driver.uriOf(key));
  return attempt(id, where, async () => {
    const storage = new Storage(driver);
    const bytes = text.encode(`written by onrecord doctor, safe to delete: ${key}\n`);
    await storage.put(key, once(bytes), { bytes: bytes.length, contentType: 'text/plain', signal });
    try {
      const { body } = await storage.get(key, { signal });
      const read: Uint8Array[] = [];
      for await (const piece of body) read.push(piece);
      if (!Buffer.concat(read).equals(bytes)) {
        throw new Error(`${driver.uriOf(key)} holds other bytes than were written.`);
      }
    } finally {
      await storage.delete(key, { signal });
    }
    return `${where} takes, gives back and deletes objects.`;
  });
}

/** Lists at most one object: a landing store is written by the provider, and only read by OnRecord. */
export function readOnly(id: string, driver: StorageDriver, signal: AbortSignal): Promise<Check> {
  const where = folderOf(driver.uriOf('any'));
  return attempt(id, where, async () => {
    for await (const _ of new Storage(driver).list('', { signal })) break;
    return `${where} can be listed.`;
  });
}

/** Stores a note that expires within minutes. */
export function rememberSomething(store: SessionStore, nowMs: number): Promise<Check> {
  return attempt('store.write', 'The session store', async () => {
    const name = `onrecord-doctor/${randomUUID()}`;
    await store.remember(name, 'written by onrecord doctor', new Date(nowMs + 300_000).toISOString());
    if ((await store.recall(name)) === undefined) throw new Error('The session store forgot what it was just given.');
    return 'The session store keeps what it is given.';
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1);
}
