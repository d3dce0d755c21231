import type { DatabaseSync } from 'node:sqlite';
import { OnRecordError } from '@onrecord/core';
import { migrations } from './migrations.ts';
import { sqliteError } from './sqlite-error.ts';

/** `OnRc` in ASCII: marks the file as ours (https://www.sqlite.org/pragma.html#pragma_application_id). */
const applicationId = 0x4f6e5263;

/** How long to sleep between attempts to switch the journal, for which SQLite does not wait by itself. */
const switchRetryMs = 10;

/**
 * Opens, or creates, the database and brings its tables up to date. Nothing is written to a file that is not ours or
 * that a newer version wrote.
 * @throws OnRecordError see `sqliteSessionStore`.
 */
export function openDatabase(path: string, busyTimeoutMs: number): DatabaseSync {
  // Loaded on use: a program that keeps its records elsewhere runs where node:sqlite is missing.
  const sqlite = process.getBuiltinModule('node:sqlite');
  if (!sqlite) {
    throw new OnRecordError('unsupported', `This Node.js (${process.version}) has no node:sqlite.`, {
      remedy: 'Use Node.js 22.13 or newer.',
    });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    refuseForeign(database, path);
    useWriteAheadLog(database, path, busyTimeoutMs);
    // FULL syncs the log at each commit; fullfsync makes that true on macOS and is ignored elsewhere.
    database.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON');
    migrate(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(error, path);
  }
}

function refuseForeign(database: DatabaseSync, path: string): void {
  const version = numberOf(database, 'user_version');
  const owner = numberOf(database, 'application_id');
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
  if (owner !== applicationId && (owner !== 0 || version !== 0 || tables !== 0)) {
    throw new OnRecordError('invalid-request', `${path} is the database of another program.`, {
      remedy: 'Name a file of its own for the session store.',
      context: { path, applicationId: owner },
    });
  }
  if (version > migrations.length) {
    throw new OnRecordError(
      'unsupported',
      `The session store ${path} has version ${version}, this program knows up to ${migrations.length}.`,
      { remedy: 'Update @onrecord/session-store; nothing was written.', context: { path, version } },
    );
  }
}

function useWriteAheadLog(database: DatabaseSync, path: string, busyTimeoutMs: number): void {
  for (let waitedMs = 0; ; waitedMs += switchRetryMs) {
    try {
      const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
      if (mode === 'wal') return;
      throw new OnRecordError('storage-failed', `The session store ${path} cannot keep a write-ahead log there.`, {
        blame: 'destination',
        remedy: 'Put it on a local disk: network file systems lack the shared memory that SQLite needs.',
        context: { path },
      });
    } catch (error) {
      const busy = error instanceof Error && Reflect.get(error, 'errcode') === 5;
      if (!busy || waitedMs >= busyTimeoutMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, switchRetryMs);
    }
  }
}

function migrate(database: DatabaseSync, path: string): void {
  if (numberOf(database, 'user_version') === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have migrated, or updated past us, while this one waited for the lock.
    refuseForeign(database, path);
    for (const migration of migrations.slice(numberOf(database, 'user_version'))) database.exec(migration);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function numberOf(database: DatabaseSync, pragma: string): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
