import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSession } from '../engine/create-session.ts';
import { silentLogger } from '../log.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { Worker } from '../worker/worker.ts';
import { type InProcessWorker, inProcessWorker } from './in-process-worker.ts';

let clock: VirtualClock;
let store: SessionStore;
let runs: AbortSignal[];
let worker: InProcessWorker;

beforeEach(() => {
  clock = new VirtualClock();
  store = memorySessionStore();
  runs = [];
  const inner: Worker = {
    tick: async () => ({ sessions: 0, failures: 0 }),
    wake: () => {},
    listening: async () => {},
    run: async ({ signal }) => {
      runs.push(signal);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  };
  worker = inProcessWorker(inner, { store, clock, logger: silentLogger });
});

afterEach(async () => {
  await worker.close();
  clock[Symbol.dispose]();
});

async function session(id: string): Promise<void> {
  const call = { kind: 'test.call', provider: 'main', key: id, data: {} } as const;
  const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
  const record = createSession(
    { id, provider: 'main', deployment: 'test', call, output, idempotencyKey: id },
    clock.now(),
  );
  await store.create(record, []);
}

async function settle(id: string): Promise<void> {
  const { dueAt: _, ...record } = (await store.load(id))!;
  await store.save(record, record.revision);
}

const running = () => runs.filter(({ aborted }) => !aborted).length;

test('runs while any session needs it, once, and again when one comes', async () => {
  await session('a');
  await session('b');
  worker.keep('a');
  worker.keep('b');
  worker.keep('a');
  await clock.idle();
  expect(running()).toBe(1);
  await settle('a');
  await clock.idle();
  expect(running()).toBe(1);
  await settle('b');
  await clock.idle();
  expect(running()).toBe(0);
  await session('c');
  worker.keep('c');
  await clock.idle();
  expect(runs).toHaveLength(2);
  expect(running()).toBe(1);
});

test('a session that is settled already, or not there, keeps nothing running', async () => {
  await session('a');
  await settle('a');
  worker.keep('a');
  worker.keep('nobody');
  await clock.idle();
  expect(running()).toBe(0);
});

test('a store that cannot be read for a while does not end the work', async () => {
  await session('a');
  const load = store.load.bind(store);
  let broken = true;
  store.load = async (id) => {
    if (broken) throw new Error('EIO');
    return load(id);
  };
  worker.keep('a');
  await clock.advance(5_000);
  expect(running()).toBe(1);
  broken = false;
  await settle('a');
  await clock.advance(2_000);
  expect(running()).toBe(0);
});

test('closing ends it, whatever is open', async () => {
  await session('a');
  worker.keep('a');
  await clock.idle();
  await worker.close();
  expect(running()).toBe(0);
  worker.keep('a');
  await clock.idle();
  expect(runs).toHaveLength(1);
});
