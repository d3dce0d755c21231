import type { DatabaseSync } from 'node:sqlite';
import type { ClaimOptions, Clock, Json, ListOptions, ParkedReport, SessionRecord, SessionStore } from '@onrecord/core';
import { OnRecordError, systemClock } from '@onrecord/core';
import { type ChangeFeed, changeFeed } from './change-feed.ts';
import { openDatabase } from './open-database.ts';
import { closedError, sqliteError } from './sqlite-error.ts';
import { type SqliteTables, sqliteTables } from './sqlite-tables.ts';
import { type WriteQueue, writeQueue } from './write-queue.ts';

export interface SqliteSessionStoreOptions {
  /** The database file, on a local disk; created when missing. Several processes may share it. */
  readonly path: string;
  /** Paces the look for what other processes wrote. Default: the clock of this machine. */
  readonly clock?: Clock | undefined;
  /** Milliseconds between two looks while somebody watches. Default 50. */
  readonly watchIntervalMs?: number | undefined;
  /** Milliseconds to wait for another process's write, blocking this one. Default 5 000. */
  readonly busyTimeoutMs?: number | undefined;
}

/**
 * Keeps records in one SQLite file on one machine, for any number of its processes. A change is on disk before it is
 * acknowledged (write-ahead log, `synchronous = FULL`): neither a killed process nor a power cut loses it.
 *
 * @throws OnRecordError `invalid-state` in an AWS Lambda, whose disk nothing else sees; `integrity-failed` when the
 * file is damaged or no database; `invalid-request` when it is another program's; `unsupported` when a newer version
 * wrote it; `storage-failed` when it cannot be opened.
 */
export function sqliteSessionStore(options: SqliteSessionStoreOptions): SessionStore {
  if (process.env['AWS_LAMBDA_FUNCTION_NAME']) {
    throw new OnRecordError('invalid-state', 'A SQLite session store cannot be kept in an AWS Lambda.', {
      remedy:
        "A Lambda's disk is its own and is thrown away: use a store that every process of the deployment reaches, such as one on S3 or PostgreSQL.",
    });
  }
  if (options.path === '' || options.path === ':memory:') {
    throw new OnRecordError('invalid-request', 'A SQLite session store needs the path of a file.', {
      remedy: 'Use memorySessionStore() of @onrecord/core where records need not last.',
    });
  }
  return new SqliteSessionStore(openDatabase(options.path, options.busyTimeoutMs ?? 5_000), options);
}

/** The store over a connection that it owns. */
export class SqliteSessionStore implements SessionStore {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #tables: SqliteTables;
  readonly #writes: WriteQueue;
  readonly #feed: ChangeFeed;

  constructor(database: DatabaseSync, options: SqliteSessionStoreOptions) {
    this.#database = database;
    this.#path = options.path;
    this.#tables = sqliteTables(database, options.path);
    this.#writes = writeQueue(database, options.path);
    this.#feed = changeFeed(database, {
      path: options.path,
      clock: options.clock ?? systemClock,
      intervalMs: options.watchIntervalMs ?? 50,
      load: (id) => this.#tables.load(id),
    });
  }

  async create(record: SessionRecord, keys: readonly string[]): ReturnType<SessionStore['create']> {
    const result = await this.#writes.add(() => {
      const holder = this.#tables.load(record.id) ?? this.#tables.holderOf(keys);
      if (holder) return { record: holder, created: false };
      const stored = { ...record, revision: 1 };
      this.#tables.insert(stored);
      this.#tables.addKeys(keys, record.id);
      return { record: stored, created: true };
    });
    if (result.created) this.#feed.changed([record.id]);
    return result;
  }

  async load(id: string): Promise<SessionRecord | undefined> {
    return this.#read(() => this.#tables.load(id));
  }

  async findByKey(key: string): Promise<SessionRecord | undefined> {
    return this.#read(() => this.#tables.holderOf([key]));
  }

  async save(
    record: SessionRecord,
    expectedRevision: number,
    addKeys: readonly string[] = [],
  ): Promise<'saved' | 'conflict'> {
    const result = await this.#writes.add(() => {
      if (this.#tables.anotherHolds(addKeys, record.id)) return 'conflict';
      if (!this.#tables.update({ ...record, revision: expectedRevision + 1 }, expectedRevision)) return 'conflict';
      this.#tables.addKeys(addKeys, record.id);
      return 'saved';
    });
    if (result === 'saved') this.#feed.changed([record.id]);
    return result;
  }

  async park(parked: ParkedReport): Promise<void> {
    await this.#writes.add(() => this.#tables.park(parked));
  }

  async unpark(keys: readonly string[], now: string, taken: readonly string[] = []): Promise<readonly ParkedReport[]> {
    if (taken.length > 0) await this.#writes.add(() => this.#tables.unpark(keys, taken));
    return this.#read(() => this.#tables.parked(keys, now));
  }

  async claimDue({ now, limit, leaseMs, owner }: ClaimOptions): Promise<readonly SessionRecord[]> {
    if (this.#read(() => this.#tables.anyExpired(now))) await this.#writes.add(() => this.#tables.expire(now));
    // Looked at without a lock first: most claims find nothing.
    if (this.#read(() => this.#tables.due(now, owner, 1)).length === 0) return [];
    const until = new Date(Date.parse(now) + leaseMs).toISOString();
    const claimed = await this.#writes.add(() =>
      this.#tables.due(now, owner, limit).map((record) => {
        const leased = { ...record, lease: { owner, until }, revision: record.revision + 1 };
        this.#tables.update(leased, record.revision);
        return leased;
      }),
    );
    this.#feed.changed(claimed.map(({ id }) => id));
    return claimed;
  }

  watch(id: string, afterRevision: number, options: { readonly signal: AbortSignal }): Promise<SessionRecord> {
    return this.#feed.watch(id, afterRevision, options.signal);
  }

  async remember(name: string, value: Json, expiresAt: string): Promise<Json> {
    const known = this.#read(() => this.#tables.recall(name));
    if (known !== undefined) return known;
    return this.#writes.add(() => this.#tables.remember(name, value, expiresAt));
  }

  async recall(name: string): Promise<Json | undefined> {
    return this.#read(() => this.#tables.recall(name));
  }

  async list(options: ListOptions = {}): Promise<readonly string[]> {
    return this.#read(() => this.#tables.list(options));
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    this.#feed.close(closedError(this.#path));
    await this.#writes.close();
    if (this.#database.isOpen) this.#database.close();
  }

  #read<T>(query: () => T): T {
    try {
      return query();
    } catch (error) {
      throw sqliteError(error, this.#path);
    }
  }
}
