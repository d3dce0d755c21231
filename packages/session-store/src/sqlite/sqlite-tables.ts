import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Json, ListOptions, ParkedReport, Report, SessionRecord } from '@onrecord/core';
import { decodeJson, decodeRecord, majorOf, newestMajor, refuseNewer } from '../record/decode.ts';

/**
 * The statements on the tables, prepared once; those that write run inside the caller's transaction. Records of a newer
 * major are left to the processes that can read them.
 */
export interface SqliteTables {
  load(id: string): SessionRecord | undefined;
  /** The session that holds the first of the keys that is taken. */
  holderOf(keys: readonly string[]): SessionRecord | undefined;
  anotherHolds(keys: readonly string[], sessionId: string): boolean;
  insert(record: SessionRecord): void;
  /** False when the stored revision is another one. */
  update(record: SessionRecord, expectedRevision: number): boolean;
  addKeys(keys: readonly string[], sessionId: string): void;
  due(now: string, owner: string, limit: number): readonly SessionRecord[];
  park(parked: ParkedReport): void;
  parked(keys: readonly string[], now: string): readonly ParkedReport[];
  unpark(keys: readonly string[], reportIds: readonly string[]): void;
  anyExpired(now: string): boolean;
  expire(now: string): void;
  remember(name: string, value: Json, expiresAt: string): Json;
  recall(name: string): Json | undefined;
  list(options: ListOptions): readonly string[];
}

export function sqliteTables(database: DatabaseSync, path: string): SqliteTables {
  const statement = (sql: string) => {
    const prepared = database.prepare(sql);
    return {
      run: (...values: SQLInputValue[]) => prepared.run(...values),
      one: (...values: SQLInputValue[]) => prepared.get(...values),
      all: (...values: SQLInputValue[]) => prepared.all(...values),
    };
  };
  const loadRecord = statement('SELECT record FROM sessions WHERE id = ?');
  const loadByKey = statement(
    'SELECT record FROM session_keys JOIN sessions ON sessions.id = session_id WHERE key = ?',
  );
  const holder = statement('SELECT session_id FROM session_keys WHERE key = ?');
  const insertRecord = statement(
    'INSERT INTO sessions (revision, major, due_at, lease_owner, lease_until, record, id) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const updateRecord = statement(
    `UPDATE sessions SET revision = ?, major = ?, due_at = ?, lease_owner = ?, lease_until = ?, record = ? WHERE id = ? AND revision = ? AND major <= ${newestMajor}`,
  );
  const storedMajor = statement('SELECT major FROM sessions WHERE id = ?');
  const insertKey = statement('INSERT INTO session_keys (key, session_id) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const dueRecords = statement(
    `SELECT record FROM sessions
     WHERE due_at <= ? AND major <= ${newestMajor} AND (lease_owner IS NULL OR lease_owner = ? OR lease_until <= ?)
     ORDER BY due_at, position LIMIT ?`,
  );
  const insertParked = statement(
    'INSERT INTO parked (key, report_id, expires_at, report) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const parkedUnder = statement('SELECT expires_at, report FROM parked WHERE key = ? AND expires_at > ?');
  const removeParked = statement('DELETE FROM parked WHERE key = ? AND report_id = ?');
  const expired = statement(
    'SELECT 1 FROM parked WHERE expires_at <= ?1 UNION ALL SELECT 1 FROM remembered WHERE expires_at <= ?1 LIMIT 1',
  );
  const expireParked = statement('DELETE FROM parked WHERE expires_at <= ?');
  const expireRemembered = statement('DELETE FROM remembered WHERE expires_at <= ?');
  const insertRemembered = statement(
    'INSERT INTO remembered (name, expires_at, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const rememberedValue = statement('SELECT value FROM remembered WHERE name = ?');
  const later = 'position > coalesce((SELECT position FROM sessions WHERE id = ?), 0) ORDER BY position LIMIT ?';
  const allIds = statement(`SELECT id FROM sessions WHERE ${later}`);
  const unfinishedIds = statement(`SELECT id FROM sessions WHERE due_at IS NOT NULL AND ${later}`);

  const columns = (record: SessionRecord): SQLInputValue[] => [
    record.revision,
    majorOf(record.schema),
    record.dueAt ?? null,
    record.lease?.owner ?? null,
    record.lease?.until ?? null,
    JSON.stringify(record),
    record.id,
  ];
  const recordIn = (row: Row | undefined) => row && decodeRecord(row['record'], path);
  const recall = (name: string) => {
    const value = rememberedValue.one(name)?.['value'];
    return value === undefined ? undefined : (decodeJson(value, path) as Json);
  };

  return {
    load: (id) => recordIn(loadRecord.one(id)),
    holderOf(keys) {
      for (const key of keys) {
        const row = loadByKey.one(key);
        if (row) return recordIn(row);
      }
      return undefined;
    },
    anotherHolds: (keys, sessionId) => keys.some((key) => (holder.one(key)?.['session_id'] ?? sessionId) !== sessionId),
    insert: (record) => void insertRecord.run(...columns(record)),
    update(record, expectedRevision) {
      if (updateRecord.run(...columns(record), expectedRevision).changes === 1) return true;
      refuseNewer(Number(storedMajor.one(record.id)?.['major'] ?? 0), path);
      return false;
    },
    addKeys(keys, sessionId) {
      for (const key of keys) insertKey.run(key, sessionId);
    },
    due: (now, owner, limit) => dueRecords.all(now, owner, now, limit).map((row) => decodeRecord(row['record'], path)),
    park: ({ key, report, expiresAt }) =>
      void insertParked.run(key, report.reportId, expiresAt, JSON.stringify(report)),
    parked: (keys, now) =>
      keys.flatMap((key) =>
        parkedUnder.all(key, now).map((row) => ({
          key,
          report: decodeJson(row['report'], path) as Report,
          expiresAt: String(row['expires_at']),
        })),
      ),
    unpark(keys, reportIds) {
      for (const key of keys) for (const reportId of reportIds) removeParked.run(key, reportId);
    },
    anyExpired: (now) => expired.one(now) !== undefined,
    expire(now) {
      expireParked.run(now);
      expireRemembered.run(now);
    },
    remember(name, value, expiresAt) {
      insertRemembered.run(name, expiresAt, JSON.stringify(value));
      return recall(name) ?? value;
    },
    recall,
    list: ({ after, limit, unfinished = false }) =>
      (unfinished ? unfinishedIds : allIds).all(after ?? null, limit ?? -1).map((row) => String(row['id'])),
  };
}

type Row = ReturnType<ReturnType<DatabaseSync['prepare']>['all']>[number];
