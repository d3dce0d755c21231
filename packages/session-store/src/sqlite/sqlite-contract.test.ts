import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { registerSuite, sessionStoreSuite } from '@onrecord/contract-kit';
import type { SessionStore } from '@onrecord/core';
import { afterAll, describe, test } from 'vitest';
import { openDatabase } from './open-database.ts';
import { sqliteSessionStore } from './sqlite-session-store.ts';

registerSuite({ describe, test, afterAll }, sessionStoreSuite, {
  name: 'sqlite',
  facts: { durable: true, shared: true },
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'onrecord-contract-'));
    const opened: SessionStore[] = [];
    let generation = 0;
    let path = join(directory, 'sessions.db');
    const beneath = <T>(work: (database: DatabaseSync) => T): T => {
      const database = new DatabaseSync(path);
      try {
        return work(database);
      } finally {
        database.close();
      }
    };
    return {
      async open() {
        const store = sqliteSessionStore({ path, watchIntervalMs: 1 });
        opened.push(store);
        return store;
      },
      /** What a kill leaves is what is on disk: the file and its log, without the shared memory of the living. */
      async crash() {
        const before = path;
        path = join(directory, `generation-${++generation}`, 'sessions.db');
        mkdirSync(join(path, '..'));
        copyFileSync(before, path);
        copyFileSync(`${before}-wal`, `${path}-wal`);
      },
      async plant(record, keys) {
        openDatabase(path, 1_000).close();
        beneath((database) => {
          const major = Number(/v(\d+)$/.exec(String(record['schema']))?.[1]);
          const dueAt = typeof record['dueAt'] === 'string' ? record['dueAt'] : null;
          database
            .prepare('INSERT INTO sessions (id, revision, major, due_at, record) VALUES (?, ?, ?, ?, ?)')
            .run(record.id, Number(record['revision']), major, dueAt, JSON.stringify(record));
          for (const key of keys) database.prepare('INSERT INTO session_keys VALUES (?, ?)').run(key, record.id);
        });
      },
      stored: async (id) =>
        beneath((database) => JSON.stringify(database.prepare('SELECT * FROM sessions WHERE id = ?').get(id))),
      async close() {
        await Promise.all(opened.map((store) => store.close()));
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
});
