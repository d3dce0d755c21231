import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SessionStore } from '@onrecord/core';
import { expect } from 'vitest';

const script = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url));

/** A process that writes to a store. */
export interface Writer {
  /** The newest revision of each session that the store has acknowledged to it. */
  readonly acknowledged: Map<string, number>;
  /** Resolves once this many changes are acknowledged. */
  reached(count: number): Promise<void>;
  /** Ends it as `kill -9` does, wherever it is. */
  kill(): Promise<void>;
}

const children: ChildProcess[] = [];

/** For `afterEach`: no writer outlives its test. */
export function killWriters(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}

/** @param store what `write-until-killed` opens. */
export function startWriter(store: object, name: string): Writer {
  const child = spawn(process.execPath, ['--conditions=@onrecord/source', script, JSON.stringify(store), name], {
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

/** Nothing that was acknowledged is lost, by id or by key. */
export async function expectKept(store: SessionStore, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  expect(acknowledged.size).toBeGreaterThan(0);
  for (const [id, revision] of acknowledged) {
    const record = await store.load(id);
    expect(record?.revision, id).toBeGreaterThanOrEqual(revision);
    expect((await store.findByKey(`key/${id}`))?.id).toBe(id);
    if (revision === 2) expect((await store.findByKey(`late/${id}`))?.id).toBe(id);
  }
}
