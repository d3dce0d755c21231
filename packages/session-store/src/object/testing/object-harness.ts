import { createHash } from 'node:crypto';
import type { SessionStoreHarness } from '@onrecord/contract-kit';
import { type SessionStore, Storage, type StorageDriver } from '@onrecord/core';
import { objectSessionStore } from '../index.ts';

/** The contract over one driver: every store opened is another process's, with its own driver to the same objects. */
export function objectHarness(openDriver: () => StorageDriver): SessionStoreHarness & { close(): Promise<void> } {
  const opened: SessionStore[] = [];
  const beneath = new Storage(openDriver());
  const put = (name: string, value: unknown) =>
    beneath.put(`sessions/${name}`, bytes(typeof value === 'string' ? value : JSON.stringify(value)));
  return {
    async open() {
      const store = objectSessionStore(openDriver(), { watchIntervalMs: 1, ownsStorage: true });
      opened.push(store);
      return store;
    },
    /** A killed process takes nothing with it: everything that counts is in the store. */
    async crash() {
      opened.length = 0;
    },
    async plant(record, keys) {
      const due = `due/${record['dueAt']}~0~1~planted~${record.id}`;
      const object = { format: 'onrecord.session-object/v1', writes: ['planted'], order: '0', keys, due, record };
      await put(`sessions/${record.id}.json`, object);
      await put(due, '');
      for (const key of keys) {
        const digest = createHash('sha256').update(key).digest('hex');
        await put(`keys/${digest}.json`, { key, session: record.id, writes: ['planted'] });
      }
    },
    async stored(id) {
      const { body, info } = await beneath.get(`sessions/sessions/${id}.json`);
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      return `${info.etag} ${Buffer.concat(pieces)}`;
    },
    async close() {
      await Promise.all(opened.map((store) => store.close()));
      await beneath.close();
    },
  };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
