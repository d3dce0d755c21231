import { expect, test } from 'vitest';
import type { Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { memorySessionStore } from './memory-session-store.ts';

const { signal } = new AbortController();

function sessionRecord(id: string, changes: Partial<SessionRecord> = {}): SessionRecord {
  const call = { kind: 'test.call', provider: 'main', key: id, data: {} } as const;
  return {
    schema: 'onrecord.session/v1',
    id,
    revision: 0,
    provider: 'main',
    deployment: 'default',
    labels: {},
    idempotencyKey: `test.call:${id}#1`,
    requestDigest: 'digest',
    call,
    output: { media: 'audio', layout: 'mixed', container: 'wav' },
    startPaused: false,
    emulate: [],
    archive: { mode: 'none' },
    createdAt: '2026-01-05T09:00:00.000Z',
    parts: [],
    commands: [],
    reports: [],
    expectations: [],
    transfers: [],
    snapshot: {
      state: 'requested',
      history: [],
      parts: [],
      commands: [],
      pauses: [],
      artifacts: [],
      verdict: 'pending',
      emulated: [],
      anomalies: [],
    },
    outbox: [],
    sequence: 0,
    ...changes,
  };
}

test('nobody can change what the store holds', async () => {
  const store = memorySessionStore();
  const given = sessionRecord('s1', { labels: { team: 'sales' } });
  await store.create(given, []);
  const loaded = (await store.load('s1'))!;
  expect(() => Object.assign(loaded.labels, { team: 'support' })).toThrow(TypeError);
  expect(() => Object.assign(loaded.call.data, { address: 'x' })).toThrow(TypeError);
  expect(() => (loaded.commands as unknown[]).push({})).toThrow(TypeError);
  expect((await store.load('s1'))?.labels).toEqual({ team: 'sales' });
});

test('a record whose key is taken is not stored, and none of its keys is', async () => {
  const store = memorySessionStore();
  await store.create(sessionRecord('s1'), ['a']);
  expect(await store.create(sessionRecord('s2'), ['b', 'a'])).toMatchObject({ created: false, record: { id: 's1' } });
  expect(await store.load('s2')).toBeUndefined();
  expect(await store.findByKey('b')).toBeUndefined();
});

test('the same id is created once, whatever its keys', async () => {
  const store = memorySessionStore();
  await store.create(sessionRecord('s1'), ['a']);
  expect(await store.create(sessionRecord('s1', { labels: { n: '2' } }), ['b'])).toMatchObject({
    created: false,
    record: { labels: {} },
  });
});

test('of two saves from one revision, one wins', async () => {
  const store = memorySessionStore();
  const { record } = await store.create(sessionRecord('s1'), []);
  expect(await store.save({ ...record, labels: { by: 'first' } }, 1)).toBe('saved');
  expect(await store.save({ ...record, labels: { by: 'second' } }, 1)).toBe('conflict');
  expect(await store.load('s1')).toMatchObject({ revision: 2, labels: { by: 'first' } });
  expect(await store.save(sessionRecord('unknown'), 1)).toBe('conflict');
});

test("a save that adds another session's key changes nothing", async () => {
  const store = memorySessionStore();
  await store.create(sessionRecord('s1'), ['a']);
  const { record } = await store.create(sessionRecord('s2'), []);
  expect(await store.save({ ...record, labels: { n: '2' } }, 1, ['b', 'a'])).toBe('conflict');
  expect(await store.load('s2')).toMatchObject({ revision: 1, labels: {} });
  expect(await store.findByKey('b')).toBeUndefined();
});

test('claims give the earliest first, to one worker at a time, until the lease ends', async () => {
  const store = memorySessionStore();
  await store.create(sessionRecord('later', { dueAt: '2026-01-05T09:00:02.000Z' }), []);
  await store.create(sessionRecord('first', { dueAt: '2026-01-05T09:00:01.000Z' }), []);
  await store.create(sessionRecord('future', { dueAt: '2026-01-05T10:00:00.000Z' }), []);
  await store.create(sessionRecord('settled'), []);
  const claim = (owner: string, now: string) => store.claimDue({ now, limit: 10, leaseMs: 5_000, owner });
  const ids = async (owner: string, now: string) => (await claim(owner, now)).map(({ id }) => id);
  expect(await store.claimDue({ now: '2026-01-05T09:00:03.000Z', limit: 1, leaseMs: 5_000, owner: 'a' })).toMatchObject(
    [{ id: 'first', lease: { owner: 'a', until: '2026-01-05T09:00:08.000Z' } }],
  );
  expect(await ids('b', '2026-01-05T09:00:03.000Z')).toEqual(['later']);
  expect(await ids('b', '2026-01-05T09:00:04.000Z')).toEqual(['later']);
  expect(await ids('c', '2026-01-05T09:00:04.000Z')).toEqual([]);
  expect(await ids('c', '2026-01-05T09:00:08.000Z')).toEqual(['first']);
});

test('a parked report waits once under its key, and not past its time', async () => {
  const store = memorySessionStore();
  const report = (reportId: string): Report => ({
    reportId,
    subject: { providerKey: 'k' },
    seen: { capturing: true },
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: '2026-01-05T09:00:00.000Z',
  });
  const expiresAt = '2026-01-06T09:00:00.000Z';
  await store.park({ key: 'k', report: report('r1'), expiresAt });
  await store.park({ key: 'k', report: report('r1'), expiresAt });
  await store.park({ key: 'k', report: report('r2'), expiresAt: '2026-01-05T09:00:01.000Z' });
  expect(
    (await store.unpark(['k', 'none'], '2026-01-05T09:00:02.000Z')).map((parked) => parked.report.reportId),
  ).toEqual(['r1']);
  expect(await store.unpark(['k'], '2026-01-05T09:00:02.000Z', ['r1'])).toEqual([]);
  expect(await store.unpark(['k'], '2026-01-05T09:00:02.000Z')).toEqual([]);
});

test('the first writer of a name wins until it expires', async () => {
  const store = memorySessionStore();
  const until = '2026-01-05T10:00:00.000Z';
  expect(await store.remember('turn/1', { answer: 1 }, until)).toEqual({ answer: 1 });
  expect(await store.remember('turn/1', { answer: 2 }, until)).toEqual({ answer: 1 });
  expect(await store.recall('turn/1')).toEqual({ answer: 1 });
  await store.claimDue({ now: '2026-01-05T11:00:00.000Z', limit: 1, leaseMs: 1, owner: 'a' });
  expect(await store.recall('turn/1')).toBeUndefined();
});

test('a watch waits for the revision, ends with its signal, and leaves nothing behind', async () => {
  const store = memorySessionStore();
  const seen = store.watch('s1', 0, { signal });
  const { record } = await store.create(sessionRecord('s1'), []);
  expect(await seen).toMatchObject({ revision: 1 });
  const next = store.watch('s1', 1, { signal });
  await store.save(record, 1);
  expect(await next).toMatchObject({ revision: 2 });
  const abort = new AbortController();
  const never = store.watch('s1', 2, { signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(never).rejects.toThrow('enough');
  await expect(store.watch('s1', 0, { signal: abort.signal })).rejects.toThrow('enough');
});

test('closing ends the watches and refuses what comes after', async () => {
  const store = memorySessionStore();
  const watched = expect(store.watch('s1', 0, { signal })).rejects.toMatchObject({ code: 'invalid-state' });
  await store.close();
  await watched;
  await expect(store.load('s1')).rejects.toMatchObject({ code: 'invalid-state' });
});

test('ids are listed oldest first, page by page', async () => {
  const store = memorySessionStore();
  for (const id of ['b', 'a', 'c']) await store.create(sessionRecord(id), []);
  expect(await store.list()).toEqual(['b', 'a', 'c']);
  expect(await store.list({ limit: 2 })).toEqual(['b', 'a']);
  expect(await store.list({ after: 'a', limit: 2 })).toEqual(['c']);
});
