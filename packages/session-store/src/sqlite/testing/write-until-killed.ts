/**
 * Writes sessions to the store named on the command line until it is killed, and prints a line for each change only
 * once the store has acknowledged it.
 */
import { writeSync } from 'node:fs';
import { sessionRecord } from '../../testing/session-record.ts';
import { sqliteSessionStore } from '../sqlite-session-store.ts';

const [path, name] = process.argv.slice(2);
if (!path || !name) throw new Error('usage: write-until-killed <path> <name>');
const store = sqliteSessionStore({ path });
for (let index = 0; ; index++) {
  // Several at once, so that kills also fall into shared transactions.
  await Promise.all(
    [0, 1, 2].map(async (lane) => {
      const id = `${name}-${index}-${lane}`;
      const { record } = await store.create(sessionRecord(id), [`key/${id}`]);
      writeSync(1, `${id} 1\n`);
      if ((await store.save({ ...record, labels: { lane: String(lane) } }, 1, [`late/${id}`])) === 'saved') {
        writeSync(1, `${id} 2\n`);
      }
    }),
  );
}
