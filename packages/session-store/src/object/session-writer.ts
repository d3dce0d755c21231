import type { Clock, SessionRecord } from '@onrecord/core';
import { nextOrder, orderName } from './creation-order.ts';
import { dueMarker, keepsMarker } from './due-markers.ts';
import type { Claim, KeyIndex } from './key-index.ts';
import { segmentOf } from './names.ts';
import type { ObjectTable } from './object-table.ts';
import type { FoundSession, SessionObjects } from './session-objects.ts';

interface Creation {
  readonly record: SessionRecord;
  readonly created: boolean;
}

/**
 * Creates and saves sessions. The session's own object is written last, under compare-and-set: whatever else was
 * written before it, keys and markers, counts for nothing until that write has happened, and a process that dies before
 * it leaves nothing that is wrong.
 */
export class SessionWriter {
  readonly #table: ObjectTable;
  readonly #sessions: SessionObjects;
  readonly #keys: KeyIndex;
  readonly #clock: Clock;
  /** By session, the last save that was asked for; never rejects. */
  readonly #saving = new Map<string, Promise<void>>();

  constructor(table: ObjectTable, sessions: SessionObjects, keys: KeyIndex, clock: Clock) {
    this.#table = table;
    this.#sessions = sessions;
    this.#keys = keys;
    this.#clock = clock;
  }

  async create(given: SessionRecord, keys: readonly string[]): Promise<Creation> {
    const record = { ...given, revision: 1 };
    const segment = segmentOf(record.id);
    /** A creation of this session that another process has called off. */
    let over: FoundSession | undefined;
    for (;;) {
      const order = nextOrder(this.#clock);
      const due = record.dueAt === undefined ? undefined : dueMarker(record, record.dueAt, order, 1);
      const marks = [orderName(order, record.id), ...(due === undefined ? [] : [due])];
      const [claimed] = await Promise.all([
        this.#claimAll(keys, record.id),
        ...marks.map((name) => this.#table.mark(name, '')),
      ]);
      if (claimed.holder) {
        if (claimed.holder.id !== record.id) await this.#callOff(segment, over, claimed.claims);
        await Promise.all(marks.map((name) => this.#table.remove(name)));
        return { record: claimed.holder, created: false };
      }
      const result = await this.#sessions.write(segment, { record, keys: [...new Set(keys)], order, due }, over);
      if (result.written) return { record, created: true };
      await Promise.all(marks.map((name) => this.#table.remove(name)));
      if (result.found?.record) return { record: result.found.record, created: false };
      over = result.found;
    }
  }

  /**
   * The record as it is stored now; `undefined` when another revision is, or another session holds a key. Saves of one
   * session in this process take turns: those that come second know it without a request.
   */
  async save(
    given: SessionRecord,
    expectedRevision: number,
    addKeys: readonly string[],
  ): Promise<SessionRecord | undefined> {
    const before = this.#saving.get(given.id) ?? Promise.resolve();
    const mine = before.then(() => this.#save(given, expectedRevision, addKeys));
    const settled = mine.then(
      () => {},
      () => {},
    );
    this.#saving.set(given.id, settled);
    try {
      return await mine;
    } finally {
      if (this.#saving.get(given.id) === settled) this.#saving.delete(given.id);
    }
  }

  async #save(
    given: SessionRecord,
    expectedRevision: number,
    addKeys: readonly string[],
  ): Promise<SessionRecord | undefined> {
    const record = { ...given, revision: expectedRevision + 1 };
    const known = this.#sessions.known(record.id);
    const held = known && known.revision >= expectedRevision ? known : await this.#sessions.read(record.id);
    if (!held || held.revision === 0 || held.revision !== expectedRevision) return undefined;
    const newKeys = [...new Set(addKeys)].filter((key) => !held.keys.includes(key));
    const kept = keepsMarker(held.due, held.lease, record);
    const due = kept
      ? held.due
      : record.dueAt === undefined
        ? undefined
        : dueMarker(record, record.dueAt, held.order, record.revision);
    const [{ holder }] = await Promise.all([
      this.#claimAll(newKeys, record.id),
      kept || due === undefined ? undefined : this.#table.mark(due, ''),
    ]);
    const content = { record, keys: [...held.keys, ...newKeys], order: held.order, due };
    if (holder || !(await this.#sessions.write(segmentOf(record.id), content, held)).written) {
      if (!kept && due !== undefined) this.#table.removeLater(due);
      return undefined;
    }
    if (held.due !== undefined && !kept) this.#table.removeLater(held.due);
    return record;
  }

  /** One after the other, so that a creation that comes second stops at the first key, which tells it so. */
  async #claimAll(
    keys: readonly string[],
    id: string,
  ): Promise<{ readonly claims: readonly Claim[]; readonly holder?: SessionRecord }> {
    const claims: Claim[] = [];
    for (const key of keys) {
      const claim = await this.#keys.claim(key, id);
      if (claim.is === 'taken') return { claims, holder: claim.by };
      if (claim.is === 'held') return { claims, holder: claim.record };
      claims.push(claim);
    }
    return { claims };
  }

  /** Frees the keys of a creation that came second, once no other process can make that session with them. */
  async #callOff(segment: string, over: FoundSession | undefined, claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    const fenced = await this.#sessions.fence(segment, over).catch(() => false);
    if (fenced) await this.#keys.release(claims);
  }
}
