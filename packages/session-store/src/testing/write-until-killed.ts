/**
 * Writes sessions to the store named on the command line until it is killed, and prints a line for each change only
 * once the store has acknowledged it.
 */
import { writeSync } from 'node:fs';
import type { SessionStore } from '@onrecord/core';
import { s3 } from '@onrecord/storage/s3';
import { objectSessionStore } from '../object/index.ts';
import { sqliteSessionStore } from '../sqlite/index.ts';
import { sessionRecord } from './session-record.ts';

const [store, name] = process.argv.slice(2);
if (!store || !name) throw new Error('usage: write-until-killed <store as JSON> <name>');

function open({ path, bucket, client }: { path?: string; bucket: string; client: object }): SessionStore {
  return path === undefined ? objectSessionStore(s3({ bucket, client })) : sqliteSessionStore({ path });
}

const opened = open(JSON.parse(store));
for (let index = 0; ; index++) {
  // Several at once, so that kills also fall into shared transactions.
  await Promise.all(
    [0, 1, 2].map(async (lane) => {
      const id = `${name}-${index}-${lane}`;
      const dueAt = '2026-01-05T09:00:00.000Z';
      const { record } = await opened.create(sessionRecord(id, { dueAt }), [`key/${id}`]);
      writeSync(1, `${id} 1\n`);
      const next = { ...record, labels: { lane: String(lane) }, dueAt: '2026-01-05T10:00:00.000Z' };
      if ((await opened.save(next, 1, [`late/${id}`])) === 'saved') writeSync(1, `${id} 2\n`);
    }),
  );
}
