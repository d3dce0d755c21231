import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock, SessionRecord, SessionStore } from '@onrecord/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sessionRecord } from '../testing/session-record.ts';
import { migrations } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { SqliteSessionStore, sqliteSessionStore } from './sqlite-session-store.ts';

let directory: string;
let path: string;
const open: SessionStore[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'onrecord-sqlite-'));
  path = join(directory, 'sessions.db');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((store) => store.close()));
  rmSync(directory, { recursive: true, force: true });
});

function opened(store: SessionStore): SessionStore {
  open.push(store);
  return store;
}

/** Time that passes with the event loop, so that polling neither sleeps nor stands still. */
const eager: Clock = {
  now: () => 0,
  monotonic: () => 0,
  delay: () => new Promise((resolve) => setImmediate(resolve)),
};

test('refuses to start in a Lambda, and names what to use instead', () => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'recorder');
  expect(() => sqliteSessionStore({ path })).toThrow(
    expect.objectContaining({ code: 'invalid-state', message: expect.stringMatching(/S3 or PostgreSQL/) }),
  );
});

test.each(['', ':memory:'])('refuses the path %j, which would lose every record', (lost) => {
  expect(() => sqliteSessionStore({ path: lost })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});

test('says so when the directory is not there', () => {
  expect(() => sqliteSessionStore({ path: join(directory, 'none', 'sessions.db') })).toThrow(
    expect.objectContaining({ code: 'storage-failed', message: expect.stringMatching(/Create its directory/) }),
  );
});

test('refuses a file that is no database, and leaves it as it was', () => {
  writeFileSync(path, 'not a database '.repeat(100));
  const before = readFileSync(path);
  expect(() => sqliteSessionStore({ path })).toThrow(expect.objectContaining({ code: 'integrity-failed' }));
  expect(readFileSync(path)).toEqual(before);
});

test("refuses another program's database, and leaves it as it was", () => {
  const foreign = new DatabaseSync(path);
  foreign.exec('CREATE TABLE songs (title TEXT)');
  foreign.close();
  const before = readFileSync(path);
  expect(() => sqliteSessionStore({ path })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  expect(readFileSync(path)).toEqual(before);
});

test('refuses tables of a newer version, and leaves them as they were', async () => {
  await sqliteSessionStore({ path }).close();
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  const before = readFileSync(path);
  expect(() => sqliteSessionStore({ path })).toThrow(expect.objectContaining({ code: 'unsupported' }));
  expect(readFileSync(path)).toEqual(before);
});

test('takes tables of an older version to this one, with everything in them', async () => {
  const first = sqliteSessionStore({ path });
  await first.create(sessionRecord('due', { dueAt: '2026-01-05T09:00:00.000Z' }), ['a']);
  await first.create(sessionRecord('over'), ['b']);
  await first.close();
  const older = new DatabaseSync(path);
  older.exec('DROP INDEX sessions_unfinished; PRAGMA user_version = 1');
  older.close();
  const store = opened(sqliteSessionStore({ path }));
  expect(await store.list()).toEqual(['due', 'over']);
  expect(await store.list({ unfinished: true })).toEqual(['due']);
  const beneath = new DatabaseSync(path, { readOnly: true });
  expect(beneath.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length });
  const plan = beneath.prepare('EXPLAIN QUERY PLAN SELECT id FROM sessions WHERE due_at IS NOT NULL ORDER BY position');
  expect(JSON.stringify(plan.all())).toContain('sessions_unfinished');
  beneath.close();
});

test('syncs every commit and keeps a write-ahead log', () => {
  const database = openDatabase(path, 1_000);
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  database.close();
});

test('a page that rots is an integrity error, not a wrong record', async () => {
  const store = sqliteSessionStore({ path });
  await Promise.all(Array.from({ length: 200 }, (_, index) => store.create(sessionRecord(`s${index}`), [])));
  await store.close();
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4096);
  writeFileSync(path, bytes);
  await expect(async () => opened(sqliteSessionStore({ path })).load('s150')).rejects.toMatchObject({
    code: 'integrity-failed',
  });
});

test('a record of a newer schema is refused and stays untouched, and does not hold up the others', async () => {
  const store = opened(sqliteSessionStore({ path }));
  const dueAt = '2026-01-05T09:00:00.000Z';
  await store.create(sessionRecord('new', { dueAt }), ['key/new']);
  await store.create(sessionRecord('old', { dueAt }), []);
  const other = new DatabaseSync(path);
  other.exec(`UPDATE sessions SET major = 2, record = replace(record, 'session/v1', 'session/v2') WHERE id = 'new'`);
  const stored = () => other.prepare(`SELECT * FROM sessions WHERE id = 'new'`).get();
  const before = stored();
  await expect(store.load('new')).rejects.toMatchObject({ code: 'unsupported' });
  await expect(store.findByKey('key/new')).rejects.toMatchObject({ code: 'unsupported' });
  await expect(store.create(sessionRecord('third'), ['key/new'])).rejects.toMatchObject({ code: 'unsupported' });
  const claimed = await store.claimDue({ now: '2026-01-05T10:00:00.000Z', limit: 1, leaseMs: 1_000, owner: 'w' });
  expect(claimed.map(({ id }) => id)).toEqual(['old']);
  expect(stored()).toEqual(before);
  other.close();
});

test('members that this version does not know survive a save', async () => {
  const store = opened(sqliteSessionStore({ path }));
  await store.create({ ...sessionRecord('s1'), ...{ invented: { later: [1, 2] } } }, []);
  const record = await store.load('s1');
  await store.save({ ...record!, labels: { team: 'sales' } }, 1);
  expect(await store.load('s1')).toMatchObject({ invented: { later: [1, 2] }, labels: { team: 'sales' }, revision: 2 });
});

test('a full disk is a storage error; what was acknowledged stays, and writing goes on once there is room', async () => {
  const database = openDatabase(path, 1_000);
  const store = opened(new SqliteSessionStore(database, { path }));
  await store.create(sessionRecord('kept'), ['key/kept']);
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  database.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const large = { note: 'x'.repeat(100_000) };
  await expect(store.create(sessionRecord('lost', { labels: large }), ['key/lost'])).rejects.toMatchObject({
    code: 'storage-failed',
    blame: 'destination',
    message: expect.stringMatching(/no room left.*Free space/),
  });
  expect(await store.load('kept')).toBeDefined();
  expect(await store.findByKey('key/lost')).toBeUndefined();
  database.exec('PRAGMA max_page_count = 1000000');
  await expect(store.create(sessionRecord('lost', { labels: large }), ['key/lost'])).resolves.toMatchObject({
    created: true,
  });
});

test('one write of a burst that fails takes none of the others with it', async () => {
  const database = openDatabase(path, 1_000);
  const store = opened(new SqliteSessionStore(database, { path }));
  await store.create(sessionRecord('first'), []);
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  database.exec(`PRAGMA max_page_count = ${pages + 8}`);
  const results = await Promise.allSettled([
    store.create(sessionRecord('small-1'), []),
    store.create(sessionRecord('large', { labels: { note: 'x'.repeat(500_000) } }), []),
    store.create(sessionRecord('small-2'), []),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await store.list()).toEqual(['first', 'small-1', 'small-2']);
});

test('writes of one moment share one commit', async () => {
  let commits = 0;
  const database = openDatabase(path, 1_000);
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    if (sql === 'COMMIT') commits += 1;
    exec(sql);
  };
  const store = opened(new SqliteSessionStore(database, { path }));
  await Promise.all(Array.from({ length: 100 }, (_, index) => store.create(sessionRecord(`s${index}`), [])));
  expect(commits).toBe(1);
  expect(await store.list()).toHaveLength(100);
});

test('a store that another connection holds locked is unavailable, and worth repeating', async () => {
  const store = opened(sqliteSessionStore({ path, busyTimeoutMs: 1 }));
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  await expect(store.create(sessionRecord('s1'), [])).rejects.toMatchObject({ code: 'unavailable', retry: 'safe' });
  other.exec('ROLLBACK');
  other.close();
  await expect(store.create(sessionRecord('s1'), [])).resolves.toMatchObject({ created: true });
});

test('a watch sees what another connection saved', async () => {
  const mine = opened(sqliteSessionStore({ path, clock: eager }));
  const theirs = opened(sqliteSessionStore({ path }));
  const { record } = await theirs.create(sessionRecord('s1'), []);
  const { signal } = new AbortController();
  const seen = mine.watch('s1', 1, { signal });
  await theirs.save({ ...record, labels: { by: 'theirs' } }, 1);
  expect(await seen).toMatchObject({ revision: 2, labels: { by: 'theirs' } });
});

test('a watch of the same process needs no polling', async () => {
  const stopped: Clock = { now: () => 0, monotonic: () => 0, delay: () => new Promise(() => {}) };
  const store = opened(sqliteSessionStore({ path, clock: stopped }));
  const { signal } = new AbortController();
  const created = store.watch('s1', 0, { signal });
  const { record } = await store.create(sessionRecord('s1'), []);
  expect(await created).toMatchObject({ revision: 1 });
  const saved = store.watch('s1', 1, { signal });
  await store.save(record, 1);
  expect(await saved).toMatchObject({ revision: 2 });
});

test('closing waits for the writes at hand, ends the watches and refuses what comes after', async () => {
  const store = sqliteSessionStore({ path, clock: eager });
  const created = store.create(sessionRecord('s1'), []);
  const watched = store.watch('s1', 5, { signal: new AbortController().signal });
  const ended = expect(watched).rejects.toMatchObject({ code: 'invalid-state' });
  await store.close();
  await ended;
  await expect(created).resolves.toMatchObject({ created: true });
  await expect(store.load('s1')).rejects.toMatchObject({ code: 'invalid-state' });
  await expect(store.create(sessionRecord('s2'), [])).rejects.toMatchObject({ code: 'invalid-state' });
  await store.close();
});

test('a copy of the file and its log, taken while it is open, holds everything acknowledged', async () => {
  const store = opened(sqliteSessionStore({ path }));
  await store.create(sessionRecord('s1'), ['key/s1']);
  const copy = join(directory, 'copy.db');
  copyFileSync(path, copy);
  copyFileSync(`${path}-wal`, `${copy}-wal`);
  const restored = opened(sqliteSessionStore({ path: copy }));
  expect(((await restored.findByKey('key/s1')) as SessionRecord).id).toBe('s1');
});
