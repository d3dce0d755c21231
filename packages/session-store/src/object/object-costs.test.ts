import { type SessionRecord, type SessionStore, timestamp } from '@onrecord/core';
import { memory } from '@onrecord/storage';
import { beforeEach, expect, test } from 'vitest';
import { sessionRecord } from '../testing/session-record.ts';
import { objectSessionStore } from './index.ts';
import { type Counted, counted } from './testing/counted-driver.ts';

const noon = Date.parse('2026-01-05T12:00:00.000Z');
const due = (ms: number) => ({ dueAt: timestamp(noon + ms) });
const later = timestamp(noon + 86_400_000);

let requests: Counted;
let store: SessionStore;
beforeEach(() => {
  requests = counted(memory());
  store = objectSessionStore(requests.driver);
});

/** Another process over the same objects. */
const another = (): SessionStore => objectSessionStore(requests.driver);

async function made(changes: Partial<SessionRecord> = {}): Promise<SessionRecord> {
  const { record } = await store.create(sessionRecord('s1', changes), ['a']);
  requests.take();
  return record;
}

test('opening a store asks for nothing', () => {
  expect(requests.take()).toBe('nothing');
});

test('create: the record, its place and its due time, and one for each key', async () => {
  await store.create(sessionRecord('s1', due(0)), ['a', 'b']);
  expect(requests.take()).toBe('put 5');
  await store.create(sessionRecord('s2'), ['c']);
  expect(requests.take()).toBe('put 3');
});

test('load: one', async () => {
  await made();
  await store.load('s1');
  expect(requests.take()).toBe('get 1');
  await store.load('unknown');
  expect(requests.take()).toBe('get 1');
});

test('findByKey: two, and one once this process has seen whose key it is', async () => {
  await made();
  await store.findByKey('a');
  expect(requests.take()).toBe('get 2');
  await store.findByKey('a');
  expect(requests.take()).toBe('get 1');
  await store.findByKey('unknown');
  expect(requests.take()).toBe('get 1');
});

test('save: one, after a create, a load or a save in this process', async () => {
  let record = await made(due(0));
  expect(await store.save(record, 1)).toBe('saved');
  expect(requests.take()).toBe('put 1');
  record = (await another().load('s1'))!;
  requests.take();
  expect(await another().save(record, 2)).toBe('saved');
  expect(requests.take()).toBe('put 1, get 1');
  expect(await store.save(record, 2)).toBe('conflict');
  expect(requests.take()).toBe('put 1, get 1');
  expect(await store.save(record, 2)).toBe('conflict');
  expect(requests.take()).toBe('nothing');
});

test('save: one more and a removal when the due time changes, and one for each new key', async () => {
  const record = await made(due(0));
  await store.save({ ...record, ...due(1) }, 1);
  await Promise.resolve();
  expect(requests.take()).toBe('put 2, delete 1');
  await store.save({ ...record, ...due(1) }, 2, ['a', 'x', 'y']);
  expect(requests.take()).toBe('put 3');
  const { dueAt: _, ...finished } = record;
  await store.save(finished, 3);
  expect(requests.take()).toBe('put 1, delete 1');
});

test('remember: one, and two where the name is taken; recall: one', async () => {
  await store.remember('turn/1', { answer: 1 }, later);
  expect(requests.take()).toBe('put 1');
  await store.remember('turn/1', { answer: 2 }, later);
  expect(requests.take()).toBe('put 1, get 1');
  await store.recall('turn/1');
  expect(requests.take()).toBe('get 1');
});

test('unpark: one listing for each key, one for each report found, one removal for each taken', async () => {
  const report = {
    reportId: 'r1',
    subject: { providerKey: 'k' },
    seen: {},
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: timestamp(noon),
  } as const;
  await store.park({ key: 'k', report, expiresAt: later });
  expect(requests.take()).toBe('put 1');
  await store.unpark(['k', 'none'], timestamp(noon));
  expect(requests.take()).toBe('get 1, list 2');
  await store.unpark(['k'], timestamp(noon), ['r1']);
  expect(requests.take()).toBe('list 1, delete 1');
});

test('claimDue: one listing, two for each session claimed, and a sweep of three in a new minute with nothing due', async () => {
  for (let index = 0; index < 50; index++)
    await store.create(sessionRecord(`future-${index}`, due(1_000)), [`${index}`]);
  for (const id of ['now-1', 'now-2']) await store.create(sessionRecord(id, due(0)), [id]);
  requests.take();
  const claim = (owner: string) => store.claimDue({ now: timestamp(noon), limit: 10, leaseMs: 60_000, owner });
  expect(await claim('first')).toHaveLength(2);
  expect(requests.take()).toBe('put 2, get 2, list 1');
  // Of the sweep: who sweeps, twice, and the shard.
  expect(await claim('second')).toHaveLength(0);
  expect(requests.take()).toBe('put 1, get 1, list 2');
  expect(await claim('second')).toHaveLength(0);
  expect(requests.take()).toBe('list 1');
  // Another process must see once whose lease it is; then it leaves them alone until it ends.
  store = another();
  expect(await claim('third')).toHaveLength(0);
  expect(requests.take()).toBe('get 3, list 1');
  expect(await claim('third')).toHaveLength(0);
  expect(requests.take()).toBe('list 1');
});

test('claimDue: five hundred sessions that others hold cost a few listings', async () => {
  for (let index = 0; index < 500; index++) await store.create(sessionRecord(`held-${index}`, due(0)), [`${index}`]);
  const claim = (now: number, limit: number, owner: string) =>
    store.claimDue({ now: timestamp(now), limit, leaseMs: 60_000, owner });
  expect(await claim(noon, 500, 'first')).toHaveLength(500);
  await store.create(sessionRecord('free', due(1)), ['free']);
  await claim(noon, 1, 'second');
  requests.take();
  expect(await claim(noon + 1, 1, 'second')).toHaveLength(1);
  expect(requests.take()).toBe('put 1, get 1, list 3');
});

test('a thousand sessions make no call dearer', async () => {
  for (let index = 0; index < 1_000; index++) await store.create(sessionRecord(`s-${index}`), [`key-${index}`]);
  requests.take();
  const fresh = another();
  await fresh.create(sessionRecord('new', due(0)), ['new']);
  expect(requests.take()).toBe('put 4');
  await fresh.load('s-500');
  await fresh.findByKey('key-700');
  await fresh.remember('turn/1', 1, later);
  expect(requests.take()).toBe('put 1, get 3');
  expect(await fresh.claimDue({ now: timestamp(noon), limit: 10, leaseMs: 1, owner: 'w' })).toHaveLength(1);
  expect(requests.take()).toBe('put 1, get 1, list 1');
});

test('watch: one look at the etag each interval, and the record once it changed', async () => {
  const ticks: (() => void)[] = [];
  const clock = {
    now: () => noon,
    monotonic: () => 0,
    delay: () => new Promise<void>((resolve) => void ticks.push(resolve)),
  };
  const record = await made();
  const watching = objectSessionStore(requests.driver, { clock });
  const turn = async () => {
    ticks.shift()?.();
    // Until the next wait has begun, everything that was asked for is answered.
    for (let spins = 0; ticks.length === 0 && spins < 1_000; spins++) await Promise.resolve();
  };
  const seen = watching.watch('s1', 1, { signal: new AbortController().signal });
  await turn();
  expect(requests.take()).toBe('get 1');
  await turn();
  expect(requests.take()).toBe('head 1');
  await store.save(record, 1);
  requests.take();
  await turn();
  expect((await seen).revision).toBe(2);
  expect(requests.take()).toBe('get 1, head 1');
  await watching.close();
});
