import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteSessionStore } from './sqlite-session-store.ts';

const script = fileURLToPath(new URL('./testing/write-until-killed.ts', import.meta.url));
let directory: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'onrecord-kill-'));
  path = join(directory, 'sessions.db');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

interface Writer {
  readonly acknowledged: Map<string, number>;
  /** Resolves once this many changes are acknowledged. */
  reached(count: number): Promise<void>;
  /** Ends it as `kill -9` does, wherever it is. */
  kill(): Promise<void>;
}

function writer(name: string): Writer {
  const child = spawn(process.execPath, ['--conditions=@onrecord/source', script, path, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const acknowledged = new Map<string, number>();
  let waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  let changes = 0;
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => {
    const [id, revision] = line.split(' ');
    acknowledged.set(id!, Number(revision));
    changes += 1;
    if (waiting && changes >= waiting.count) waiting.resolve();
  });
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]);
  return {
    acknowledged,
    reached: (count) =>
      Promise.race([
        new Promise<void>((resolve) => {
          waiting = { count, resolve };
        }),
        ended.then(() => Promise.reject(new Error(`the writer ${name} ended by itself`))),
      ]),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function expectKept(acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const store = sqliteSessionStore({ path });
  try {
    for (const [id, revision] of acknowledged) {
      const record = await store.load(id);
      expect(record?.revision, id).toBeGreaterThanOrEqual(revision);
      expect((await store.findByKey(`key/${id}`))?.id).toBe(id);
      if (revision === 2) expect((await store.findByKey(`late/${id}`))?.id).toBe(id);
    }
  } finally {
    await store.close();
  }
}

test('kill -9 while writing loses nothing that was acknowledged', async () => {
  for (const round of [1, 2, 3]) {
    const child = writer(`round-${round}`);
    await child.reached(40 * round);
    await child.kill();
    expect(child.acknowledged.size).toBeGreaterThan(0);
    await expectKept(child.acknowledged);
  }
});

test('several processes open a new store at once and write to it together', async () => {
  const writers = ['a', 'b', 'c', 'd'].map(writer);
  await Promise.all(writers.map((each) => each.reached(30)));
  await Promise.all(writers.map((each) => each.kill()));
  for (const each of writers) await expectKept(each.acknowledged);
});
