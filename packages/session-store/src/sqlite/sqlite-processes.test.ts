import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import { expectKept, killWriters, startWriter } from '../testing/killed-writer.ts';
import { sqliteSessionStore } from './sqlite-session-store.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'onrecord-kill-'));
  path = join(directory, 'sessions.db');
});

afterEach(() => {
  killWriters();
  rmSync(directory, { recursive: true, force: true });
});

async function expectStored(acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const store = sqliteSessionStore({ path });
  try {
    await expectKept(store, acknowledged);
  } finally {
    await store.close();
  }
}

test('kill -9 while writing loses nothing that was acknowledged', async () => {
  for (const round of [1, 2, 3]) {
    const child = startWriter({ path }, `round-${round}`);
    await child.reached(40 * round);
    await child.kill();
    await expectStored(child.acknowledged);
  }
});

test('several processes open a new store at once and write to it together', async () => {
  const writers = ['a', 'b', 'c', 'd'].map((name) => startWriter({ path }, name));
  await Promise.all(writers.map((each) => each.reached(30)));
  await Promise.all(writers.map((each) => each.kill()));
  for (const each of writers) await expectStored(each.acknowledged);
});
