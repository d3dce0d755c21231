import {
  type ClaimOptions,
  type Json,
  type ListOptions,
  OnRecordError,
  type ParkedReport,
  type SessionRecord,
  type SessionStore,
  type Storage,
  type StorageDriver,
} from '@onrecord/core';
import { Aside } from './aside.ts';
import { ChangeFeed } from './change-feed.ts';
import { DueSessions } from './due-sessions.ts';
import { KeyIndex } from './key-index.ts';
import { ObjectTable } from './object-table.ts';
import {
  type ObjectSessionStoreOptions,
  type ObjectSessionStoreSettings,
  objectSessionStoreSettings,
} from './options.ts';
import { SessionList } from './session-list.ts';
import { SessionObjects } from './session-objects.ts';
import { SessionWriter } from './session-writer.ts';
import { Sweep } from './sweep.ts';

/**
 * Keeps records as objects in any store with atomic conditions: Amazon S3, Azure Blob Storage, the memory store. Any
 * number of processes and Lambdas may share them, and no database is needed. Opens and requests nothing by itself.
 *
 * Requests, when no other process interferes: `load` 1, `findByKey` 2 (1 once this process has seen the key), `save` 1
 * after a load in this process, 1 more when the due time changes (and a removal nobody waits for) and 1 per new key;
 * `create` 3 and 1 per key, in two round trips for one key; `remember` 1 (2 when the name is taken), `recall` 1, `park`
 * 1, `unpark` 1 listing per key; `claimDue` 1 listing and 2 per session, and a sweep once a minute when nothing is due,
 * every five minutes otherwise. None of the methods that a call waits for lists anything but the reports parked under
 * its own keys.
 *
 * @throws OnRecordError `unsupported` for a store without atomic conditions, such as a filesystem; `invalid-request`.
 *
 * @example
 * ```ts
 * const store = objectSessionStore(s3({ bucket: 'sessions-of-my-deployment' }));
 * ```
 */
export function objectSessionStore(
  storage: StorageDriver | Storage,
  options: ObjectSessionStoreOptions = {},
): SessionStore {
  return new ObjectSessionStore(objectSessionStoreSettings(storage, options));
}

class ObjectSessionStore implements SessionStore {
  readonly #settings: ObjectSessionStoreSettings;
  readonly #table: ObjectTable;
  readonly #sessions: SessionObjects;
  readonly #keys: KeyIndex;
  readonly #writer: SessionWriter;
  readonly #aside: Aside;
  readonly #due: DueSessions;
  readonly #list: SessionList;
  readonly #sweep: Sweep;
  readonly #feed: ChangeFeed;
  #closed = false;

  constructor(settings: ObjectSessionStoreSettings) {
    const { storage, clock, watchIntervalMs } = settings;
    this.#settings = settings;
    this.#table = new ObjectTable(storage, settings);
    this.#sessions = new SessionObjects(this.#table);
    this.#keys = new KeyIndex(this.#table, this.#sessions, clock);
    this.#writer = new SessionWriter(this.#table, this.#sessions, this.#keys, clock);
    this.#aside = new Aside(this.#table);
    this.#due = new DueSessions(this.#table, this.#sessions, clock);
    this.#list = new SessionList(this.#table, this.#sessions, this.#due, clock);
    this.#sweep = new Sweep(this.#table);
    this.#feed = new ChangeFeed(this.#sessions, { clock, intervalMs: watchIntervalMs });
  }

  async create(record: SessionRecord, keys: readonly string[]): ReturnType<SessionStore['create']> {
    this.#check();
    const result = await this.#writer.create(record, keys);
    if (result.created) this.#feed.changed(result.record);
    return result;
  }

  async load(id: string): Promise<SessionRecord | undefined> {
    this.#check();
    return (await this.#sessions.read(id))?.record;
  }

  async findByKey(key: string): Promise<SessionRecord | undefined> {
    this.#check();
    return this.#keys.find(key);
  }

  async save(
    record: SessionRecord,
    expectedRevision: number,
    addKeys: readonly string[] = [],
  ): Promise<'saved' | 'conflict'> {
    this.#check();
    const saved = await this.#writer.save(record, expectedRevision, addKeys);
    if (saved) this.#feed.changed(saved);
    return saved ? 'saved' : 'conflict';
  }

  async park(parked: ParkedReport): Promise<void> {
    this.#check();
    await this.#aside.park(parked);
  }

  async unpark(keys: readonly string[], now: string, taken: readonly string[] = []): Promise<readonly ParkedReport[]> {
    this.#check();
    return this.#aside.unpark(keys, now, taken);
  }

  async claimDue(options: ClaimOptions): Promise<readonly SessionRecord[]> {
    this.#check();
    // A lease runs while what expired is removed: so that waits until nothing is due, or comes before anything is leased.
    if (this.#sweep.isOverdue(options.now)) await this.#sweep.run(options.now);
    const claimed = await this.#due.claim(options);
    for (const record of claimed) this.#feed.changed(record);
    if (claimed.length === 0) await this.#sweep.run(options.now);
    return claimed;
  }

  async watch(id: string, afterRevision: number, options: { readonly signal: AbortSignal }): Promise<SessionRecord> {
    this.#check();
    return this.#feed.watch(id, afterRevision, options.signal);
  }

  async remember(name: string, value: Json, expiresAt: string): Promise<Json> {
    this.#check();
    return this.#aside.remember(name, value, expiresAt);
  }

  async recall(name: string): Promise<Json | undefined> {
    this.#check();
    return this.#aside.recall(name);
  }

  async list(options: ListOptions = {}): Promise<readonly string[]> {
    this.#check();
    return this.#list.list(options);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#feed.close(this.#closedError());
    await this.#table.idle();
    if (this.#settings.ownsStorage) await this.#settings.storage.close();
  }

  #check(): void {
    if (this.#closed) throw this.#closedError();
  }

  #closedError(): OnRecordError {
    return new OnRecordError('invalid-state', `The session store at ${this.#table.uriOf('')} is closed.`, {
      remedy: 'Close it after everything that uses it.',
    });
  }
}
