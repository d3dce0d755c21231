import { createHash } from 'node:crypto';
import { OnRecordError, type SessionStore, Storage, timestamp } from '@onrecord/core';
import { SimulatedS3 } from '@onrecord/simulator';
import { filesystem, type MemoryDriver, memory } from '@onrecord/storage';
import { s3 } from '@onrecord/storage/s3';
import { beforeEach, expect, test } from 'vitest';
import { sessionRecord } from '../testing/session-record.ts';
import { objectSessionStore } from './index.ts';
import { counted } from './testing/counted-driver.ts';

const noon = Date.parse('2026-01-05T12:00:00.000Z');
const hour = 3_600_000;

let driver: MemoryDriver;
let store: SessionStore;
beforeEach(() => {
  driver = memory();
  store = objectSessionStore(driver);
});

const names = () => [...driver.native().keys()];
const put = (name: string, text: string) =>
  new Storage(driver).put(
    name,
    (async function* () {
      yield Buffer.from(text);
    })(),
  );

test('a store without atomic conditions is refused, with the reason', () => {
  expect(() => objectSessionStore(filesystem('recordings'))).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: expect.stringMatching(/filesystem store has no atomic ifMatch.*would overwrite.*s3 or azure-blob/),
    }),
  );
});

test('wrong options are refused, all at once', () => {
  const options = { prefix: '../up/', watchIntervalMs: 0, requestTimeoutMs: Number.NaN, intervall: 5 };
  expect(() => objectSessionStore(driver, options)).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      message: expect.stringMatching(/no intervall.*prefix.*watchIntervalMs.*requestTimeoutMs/s),
    }),
  );
  expect(() => objectSessionStore(driver, { prefix: 'x'.repeat(1_000) })).toThrow(/1024 bytes/);
});

test('ids and keys that are no file names are kept apart, and show in no name', async () => {
  const hostile = ['../up', '/', '', '.', 'a/../b', 'Ä ?%_*\u0000"\'', '\ud800', 'x'.repeat(5_000), 'A~1', '_00'];
  for (const [index, id] of hostile.entries()) {
    const made = await store.create(sessionRecord(id, { dueAt: timestamp(noon), labels: { index: `${index}` } }), [id]);
    expect(made.created).toBe(true);
    await store.remember(id, index, timestamp(noon + hour));
  }
  for (const [index, id] of hostile.entries()) {
    expect((await store.load(id))?.labels['index']).toBe(`${index}`);
    expect((await store.findByKey(id))?.labels['index']).toBe(`${index}`);
    expect(await store.recall(id)).toBe(index);
  }
  expect(await store.list()).toEqual(hostile);
  const claimed = await store.claimDue({ now: timestamp(noon), limit: 100, leaseMs: 1, owner: 'w' });
  expect(claimed.map(({ id }) => id)).toEqual(hostile);
  for (const name of names()) expect(name).toMatch(/^sessions\/[\w/.~:-]+$/);
});

test('names hold no key: those may be telephone numbers', async () => {
  await store.create(sessionRecord('s1'), ['call/+15550100']);
  await store.remember('announcement/+15550100', 1, timestamp(noon));
  expect(names().filter((name) => name.includes('555'))).toEqual([]);
});

test('two deployments share a bucket under two prefixes', async () => {
  const [one, two] = ['one/', 'two/'].map((prefix) => objectSessionStore(driver, { prefix }));
  await one!.create(sessionRecord('s1', { dueAt: timestamp(noon) }), ['a']);
  expect(await two!.load('s1')).toBeUndefined();
  expect(await two!.findByKey('a')).toBeUndefined();
  expect(await two!.claimDue({ now: timestamp(noon), limit: 1, leaseMs: 1, owner: 'w' })).toEqual([]);
  expect((await two!.create(sessionRecord('s1'), ['a'])).created).toBe(true);
  expect(await one!.list()).toEqual(['s1']);
});

test('a creation that another had called off is made anew', async () => {
  const record = sessionRecord('s1');
  const tombstone = { format: 'onrecord.session-object/v1', writes: [], order: '', keys: [], record: null };
  await put('sessions/sessions/s1.json', JSON.stringify(tombstone));
  expect(await store.load('s1')).toBeUndefined();
  expect(await store.save(record, 0)).toBe('conflict');
  expect((await store.create(record, ['a'])).created).toBe(true);
  expect((await store.findByKey('a'))?.id).toBe('s1');
});

test('what expired is swept a shard a minute, and nothing else is', async () => {
  const at = (ms: number) => timestamp(noon + ms);
  for (let index = 0; index < 300; index++) {
    await store.remember(`gone/${index}`, index, at(hour));
    await store.remember(`kept/${index}`, index, at(48 * hour));
  }
  const left = () => names().filter((name) => name.startsWith('sessions/aside/')).length;
  expect(left()).toBe(600);
  for (let minute = 0; minute < 256; minute++) {
    await store.claimDue({ now: at(24 * hour + minute * 60_000), limit: 1, leaseMs: 1, owner: 'w' });
  }
  expect(left()).toBe(300);
  expect(await store.recall('kept/7')).toBe(7);
  expect(await store.recall('gone/7')).toBeUndefined();
});

test('a worker that always finds something due sweeps a shard every five minutes', async () => {
  await store.create(sessionRecord('s1', { dueAt: timestamp(noon) }), ['k']);
  for (let index = 0; index < 300; index++) await store.remember(`gone/${index}`, index, timestamp(noon + hour));
  const left = () => names().filter((name) => name.startsWith('sessions/aside/')).length;
  const claim = (minute: number) =>
    store.claimDue({ now: timestamp(noon + 24 * hour + minute * 60_000), limit: 1, leaseMs: 1, owner: 'w' });
  for (let minute = 0; minute < 5; minute++) expect(await claim(minute)).toHaveLength(1);
  expect(left()).toBe(300);
  for (let minute = 5; minute <= 5 * 256; minute++) expect(await claim(minute)).toHaveLength(1);
  expect(left()).toBe(0);
});

test('of a shard that is larger than one sweep, every part has its turn', async () => {
  const digest = (index: number) => createHash('sha256').update(`${index}`).digest('hex').slice(2);
  const aside = (text: string, index: number) => put(`sessions/aside/00/${digest(index)}-note.json`, text);
  for (let index = 0; index < 1_500; index++) {
    await aside(JSON.stringify({ value: 1, expiresAt: timestamp(noon + (index % 2 === 0 ? 0 : 1_000 * hour)) }), index);
  }
  const left = () => names().filter((name) => name.startsWith('sessions/aside/')).length;
  const first = Math.ceil((noon + hour) / 60_000 / 256) * 256;
  for (let turn = 0; turn < 400 && left() > 750; turn++) {
    const now = timestamp((first + turn * 256) * 60_000);
    if (now > timestamp(noon + 900 * hour)) break;
    await store.claimDue({ now, limit: 1, leaseMs: 1, owner: 'w' });
  }
  expect(left()).toBe(750);
});

test('a look at a session whose write is under way keeps nobody from it once it is written', async () => {
  const { record } = await store.create(sessionRecord('s1', { dueAt: timestamp(noon + hour) }), ['k']);
  const [writing, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = objectSessionStore({
    ...counted(driver).driver,
    async doPut(key, body, options) {
      if (key.startsWith('sessions/sessions/')) {
        writing.resolve();
        await written.promise;
      }
      return driver.doPut(key, body, options);
    },
  });
  const saved = slow.save({ ...record, dueAt: timestamp(noon) }, 1);
  await writing.promise;
  const claim = (ms: number) => store.claimDue({ now: timestamp(noon + ms), limit: 1, leaseMs: 10_000, owner: 'w' });
  expect(await claim(10)).toEqual([]);
  written.resolve();
  expect(await saved).toBe('saved');
  expect(await claim(1_000)).toMatchObject([{ id: 's1' }]);
});

test('an object that cannot be read stops nobody else, and is told of', async () => {
  for (const id of ['s1', 's2']) await store.create(sessionRecord(id, { dueAt: timestamp(noon) }), [id]);
  await put('sessions/sessions/s1.json', '{"half');
  const claim = (now: number) => store.claimDue({ now: timestamp(now), limit: 9, leaseMs: hour, owner: 'w' });
  await expect(store.load('s1')).rejects.toMatchObject({ code: 'integrity-failed' });
  expect((await claim(noon)).map(({ id }) => id)).toEqual(['s2']);
  await put('sessions/sessions/s2.json', 'null');
  await expect(claim(noon)).rejects.toMatchObject({ code: 'integrity-failed' });
});

test('an object that is damaged is told of once a minute, and neither read nor in the way in between', async () => {
  for (const id of ['s1', 's2']) await store.create(sessionRecord(id, { dueAt: timestamp(noon) }), [id]);
  await store.remember('gone', 1, timestamp(noon - hour));
  await put('sessions/sessions/s1.json', '{"half');
  const requests = counted(driver);
  store = objectSessionStore(requests.driver);
  const claim = (ms: number) => store.claimDue({ now: timestamp(noon + ms), limit: 9, leaseMs: hour, owner: `w${ms}` });
  // What is found beside other work is told as soon as there is none.
  expect(await claim(0)).toHaveLength(1);
  await expect(claim(1)).rejects.toMatchObject({ code: 'integrity-failed' });
  requests.take();
  let told = 0;
  for (let second = 1; second <= 600; second++) {
    await claim(second * 1_000).catch(() => {
      told += 1;
    });
  }
  expect(told).toBe(10);
  // Idle claims sweep in the other minutes; those that tell read the object.
  const reads = Number(/get (\d+)/.exec(requests.take())?.[1]);
  expect(reads).toBeLessThan(40);
});

test('a store with a damaged session is swept', async () => {
  await store.create(sessionRecord('s1', { dueAt: timestamp(noon) }), ['k']);
  await put('sessions/sessions/s1.json', '{"half');
  for (let index = 0; index < 50; index++) await store.remember(`gone/${index}`, index, timestamp(noon));
  const left = () => names().filter((name) => name.startsWith('sessions/aside/')).length;
  for (let second = 0; second < 256 * 60; second += 20) {
    const now = timestamp(noon + hour + second * 1_000);
    await store.claimDue({ now, limit: 1, leaseMs: 1, owner: 'w' }).catch(() => {});
  }
  expect(left()).toBe(0);
});

test('an object of a newer format is neither read nor written', async () => {
  const newer = JSON.stringify({ format: 'onrecord.session-object/v2', keys: ['a'] });
  await put('sessions/sessions/s1.json', newer);
  await expect(store.load('s1')).rejects.toMatchObject({ code: 'unsupported' });
  await expect(store.create(sessionRecord('s1'), ['b'])).rejects.toMatchObject({ code: 'unsupported' });
  expect(Buffer.from(driver.native().get('sessions/sessions/s1.json')!).toString()).toBe(newer);
});

test('markers and places of creations that were never finished are cleared away after an hour', async () => {
  let now = noon;
  const clock = { now: () => now, monotonic: () => now, delay: async () => {} };
  driver = memory({ clock });
  store = objectSessionStore(driver, { clock });
  await put(`sessions/due/${timestamp(noon)}~0~1~abc~dead`, '');
  await put('sessions/order/000~dead', '');
  const look = async () => {
    expect(await store.claimDue({ now: timestamp(now), limit: 9, leaseMs: 1, owner: 'w' })).toEqual([]);
    expect(await store.list()).toEqual([]);
    await Promise.resolve();
    return names().filter((name) => name.endsWith('~dead')).length;
  };
  expect(await look()).toBe(2);
  now += hour - 1;
  expect(await look()).toBe(2);
  now += 60_000;
  expect(await look()).toBe(0);
  expect((await store.create(sessionRecord('dead', { dueAt: timestamp(noon) }), ['a'])).created).toBe(true);
  expect(await store.claimDue({ now: timestamp(now), limit: 9, leaseMs: 1, owner: 'w' })).toHaveLength(1);
});

test('a bucket that does not exist is an error, not an empty store', async () => {
  await using server = await SimulatedS3.start({ buckets: ['sessions'] });
  const lost = objectSessionStore(s3({ bucket: 'sesions', client: server.clientConfig() }), { ownsStorage: true });
  const isMissing = { code: 'not-found', message: expect.stringContaining('no such bucket') };
  await expect(lost.load('s1')).rejects.toMatchObject(isMissing);
  await expect(lost.create(sessionRecord('s1'), ['a'])).rejects.toMatchObject(isMissing);
  await lost.close();
});

test('a save whose answers S3 loses is saved once', async () => {
  await using server = await SimulatedS3.start({ buckets: ['sessions'] });
  const client = { ...server.clientConfig(), maxAttempts: 1 };
  const remote = objectSessionStore(s3({ bucket: 'sessions', client }), { ownsStorage: true });
  const { record } = await remote.create(sessionRecord('s1'), ['a']);
  server.faults.next({ match: 'PutObject', fault: 'drop-before-answer' });
  expect(await remote.save(record, 1)).toBe('saved');
  expect(await remote.load('s1')).toMatchObject({ revision: 2 });
  expect(await remote.save(record, 2)).toBe('saved');
  await remote.close();
});

test('a store that is away is reported as such, and a watcher waits for it to come back', async () => {
  await using server = await SimulatedS3.start({ buckets: ['sessions'] });
  const client = { ...server.clientConfig(), maxAttempts: 1 };
  const open = () => objectSessionStore(s3({ bucket: 'sessions', client }), { ownsStorage: true, watchIntervalMs: 1 });
  const [remote, other] = [open(), open()];
  const { record } = await remote.create(sessionRecord('s1'), ['a']);
  server.faults.next({ match: () => true, fault: { status: 503 }, times: 1_000 });
  const seen = remote.watch('s1', 1, { signal: new AbortController().signal });
  const error = await other.load('s1').catch((thrown: unknown) => thrown);
  expect(OnRecordError.is(error) && [error.code, error.retry, error.blame]).toEqual([
    'rate-limited',
    'safe',
    'destination',
  ]);
  server.faults.clear();
  expect(await other.save(record, 1)).toBe('saved');
  expect((await seen).revision).toBe(2);
  await Promise.all([remote.close(), other.close()]);
});
