import { OnRecordError } from '../errors/index.ts';
import type { Json } from '../json.ts';
import type { SessionRecord } from '../session/record.ts';
import { freezeJson } from './memory-freeze.ts';
import { type MemoryShelf, memoryShelf } from './memory-shelf.ts';
import type { ClaimOptions, ListOptions, ParkedReport, SessionStore } from './session-store.ts';

interface Watcher {
  readonly afterRevision: number;
  readonly resolve: (record: SessionRecord) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Keeps records in this process: the default, lost when it ends. Records are kept and handed out as they are, deeply
 * frozen instead of copied, so nobody can change what another reads.
 */
export function memorySessionStore(): SessionStore {
  return new MemorySessionStore();
}

class MemorySessionStore implements SessionStore {
  readonly #records = new Map<string, SessionRecord>();
  /** In order of creation, for {@link list}. */
  readonly #ids: string[] = [];
  readonly #positions = new Map<string, number>();
  readonly #keys = new Map<string, string>();
  /** Only what is due at some time: settled sessions cost a claim nothing. */
  readonly #due = new Map<string, string>();
  readonly #parked: MemoryShelf<ParkedReport> = memoryShelf();
  readonly #remembered: MemoryShelf<Json> = memoryShelf();
  readonly #watchers = new Map<string, Set<Watcher>>();
  #closed = false;

  async create(record: SessionRecord, keys: readonly string[]): ReturnType<SessionStore['create']> {
    this.#check();
    const holder = this.#records.get(record.id) ?? this.#holderOf(keys);
    if (holder) return { record: holder, created: false };
    this.#positions.set(record.id, this.#ids.push(record.id) - 1);
    for (const key of keys) this.#keys.set(key, record.id);
    return { record: this.#put({ ...record, revision: 1 }), created: true };
  }

  async load(id: string): Promise<SessionRecord | undefined> {
    this.#check();
    return this.#records.get(id);
  }

  async findByKey(key: string): Promise<SessionRecord | undefined> {
    this.#check();
    return this.#holderOf([key]);
  }

  async save(
    record: SessionRecord,
    expectedRevision: number,
    addKeys: readonly string[] = [],
  ): Promise<'saved' | 'conflict'> {
    this.#check();
    if (this.#records.get(record.id)?.revision !== expectedRevision) return 'conflict';
    if (addKeys.some((key) => (this.#keys.get(key) ?? record.id) !== record.id)) return 'conflict';
    for (const key of addKeys) this.#keys.set(key, record.id);
    this.#put({ ...record, revision: expectedRevision + 1 });
    return 'saved';
  }

  async park(parked: ParkedReport): Promise<void> {
    this.#check();
    this.#parked.put(parked.key, parked.report.reportId, freezeJson({ ...parked }), parked.expiresAt);
  }

  async unpark(keys: readonly string[], now: string, taken: readonly string[] = []): Promise<readonly ParkedReport[]> {
    this.#check();
    return keys.flatMap((key) => {
      for (const reportId of taken) this.#parked.remove(key, reportId);
      return this.#parked.all(key, now);
    });
  }

  async claimDue({ now, limit, leaseMs, owner }: ClaimOptions): Promise<readonly SessionRecord[]> {
    this.#check();
    this.#parked.expire(now);
    this.#remembered.expire(now);
    const due: (readonly [dueAt: string, record: SessionRecord])[] = [];
    for (const [id, dueAt] of this.#due) {
      const record = this.#records.get(id);
      if (dueAt > now || !record) continue;
      if (record.lease && record.lease.owner !== owner && record.lease.until > now) continue;
      due.push([dueAt, record]);
    }
    const until = new Date(Date.parse(now) + leaseMs).toISOString();
    return due
      .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
      .slice(0, limit)
      .map(([, record]) => this.#put({ ...record, lease: { owner, until }, revision: record.revision + 1 }));
  }

  watch(id: string, afterRevision: number, options: { readonly signal: AbortSignal }): Promise<SessionRecord> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      this.#check();
      signal.throwIfAborted();
      const record = this.#records.get(id);
      if (record && record.revision > afterRevision) return resolve(record);
      const watchers = this.#watchers.get(id) ?? new Set();
      this.#watchers.set(id, watchers);
      const leave = () => {
        signal.removeEventListener('abort', onAbort);
        watchers.delete(watcher);
        if (watchers.size === 0) this.#watchers.delete(id);
      };
      const watcher: Watcher = {
        afterRevision,
        resolve: (found) => {
          leave();
          resolve(found);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      const onAbort = () => watcher.reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      watchers.add(watcher);
    });
  }

  async remember(name: string, value: Json, expiresAt: string): Promise<Json> {
    this.#check();
    const known = this.#remembered.get(name);
    if (known !== undefined) return known;
    this.#remembered.put(name, '', freezeJson(value), expiresAt);
    return value;
  }

  async recall(name: string): Promise<Json | undefined> {
    this.#check();
    return this.#remembered.get(name);
  }

  async list({ after, limit, unfinished = false }: ListOptions = {}): Promise<readonly string[]> {
    this.#check();
    const from = after === undefined ? 0 : (this.#positions.get(after) ?? -1) + 1;
    if (!unfinished) return this.#ids.slice(from, limit === undefined ? undefined : from + limit);
    const positions = [...this.#due.keys()].map((id) => this.#positions.get(id) ?? -1).filter((each) => each >= from);
    return positions
      .sort((left, right) => left - right)
      .slice(0, limit)
      .map((position) => this.#ids[position]!);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const watcher of [...this.#watchers.values()].flatMap((own) => [...own])) watcher.reject(closedError());
  }

  #put(record: SessionRecord): SessionRecord {
    freezeJson(record);
    this.#records.set(record.id, record);
    if (record.dueAt === undefined) this.#due.delete(record.id);
    else this.#due.set(record.id, record.dueAt);
    for (const watcher of [...(this.#watchers.get(record.id) ?? [])]) {
      if (record.revision > watcher.afterRevision) watcher.resolve(record);
    }
    return record;
  }

  #holderOf(keys: readonly string[]): SessionRecord | undefined {
    for (const key of keys) {
      const id = this.#keys.get(key);
      if (id !== undefined) return this.#records.get(id);
    }
    return undefined;
  }

  #check(): void {
    if (this.#closed) throw closedError();
  }
}

function closedError(): OnRecordError {
  return new OnRecordError('invalid-state', 'This session store is closed.', {
    remedy: 'Close it after everything that uses it.',
  });
}
