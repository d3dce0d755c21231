import { type Clock, OnRecordError, type SessionRecord } from '@onrecord/core';
import { BoundedMap } from './bounded-map.ts';
import { keyName, segmentOf } from './names.ts';
import type { Found, ObjectTable } from './object-table.ts';
import type { FoundSession, SessionObjects } from './session-objects.ts';

/** Keys of which this process remembers whose they are: that never changes. */
const rememberedKeys = 5_000;

/**
 * Milliseconds between the looks at a session that has claimed a key but does not hold it yet. After the last one its
 * writer is taken for dead, and kept from coming back, before the key is taken over.
 */
const patienceMs: readonly number[] = [5, 10, 20, 40, 80, 160, 320, 640];

/** Turns of one claim: each one means that another process made progress. */
const maxTurns = 200;

export type Claim =
  | { readonly is: 'claimed'; readonly name: string; readonly etag: string | undefined }
  /** The session itself holds the key already. */
  | { readonly is: 'held'; readonly record: SessionRecord }
  | { readonly is: 'taken'; readonly by: SessionRecord };

/**
 * Which session a key belongs to. An entry is a claim only: the key belongs to its session when the session's own object
 * says so, which makes "all keys or none" one write. Claims are made before that write, after the version that it
 * replaces was read. To take over a claim of a dead writer, its session is fenced first and the entry replaced by
 * compare-and-set after that; a writer that was not dead therefore fails, and claims anew.
 */
export class KeyIndex {
  readonly #table: ObjectTable;
  readonly #sessions: SessionObjects;
  readonly #clock: Clock;
  readonly #owners = new BoundedMap<string>(rememberedKeys);

  constructor(table: ObjectTable, sessions: SessionObjects, clock: Clock) {
    this.#table = table;
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** The session that holds the key. */
  async find(key: string): Promise<SessionRecord | undefined> {
    const name = keyName(key);
    const id = this.#owners.get(name) ?? claimant(await this.#table.read(name));
    const found = id === undefined ? undefined : await this.#sessions.read(id);
    return this.#holds(found, key) ? found.record : undefined;
  }

  async claim(key: string, id: string): Promise<Claim> {
    const name = keyName(key);
    let waits = 0;
    let entry: Found | undefined;
    for (let turn = 0; turn < maxTurns; turn++) {
      if (!entry) {
        const made = await this.#table.write(name, { key, session: id }, { ifAbsent: true });
        if (!('refused' in made)) return { is: 'claimed', name, etag: made.etag };
        entry = made.refused;
        continue;
      }
      const owner = claimant(entry);
      const found = owner === undefined ? undefined : await this.#sessions.read(owner);
      if (this.#holds(found, key)) {
        return owner === id ? { is: 'held', record: found.record } : { is: 'taken', by: found.record };
      }
      if (owner !== undefined && owner !== id) {
        const wait = patienceMs[waits++];
        if (wait !== undefined) {
          await this.#clock.delay(wait);
          entry = await this.#table.read(name);
          continue;
        }
        if (!(await this.#sessions.fence(segmentOf(owner), found))) {
          entry = await this.#table.read(name);
          continue;
        }
      }
      // One's own entry is written anew, too: whoever is about to take it over has to begin again.
      const made = await this.#table.write(name, { key, session: id }, { ifMatch: entry.etag });
      if (!('refused' in made)) return { is: 'claimed', name, etag: made.etag };
      entry = made.refused;
    }
    throw new OnRecordError('conflict', `The key of a session changed hands ${maxTurns} times while it was claimed.`, {
      retry: 'safe',
      blame: 'library',
      context: { sessionId: id },
    });
  }

  /** Frees what a session claimed that is not going to be made; it must be fenced. Best effort: see {@link claim}. */
  async release(claims: readonly Claim[]): Promise<void> {
    for (const claim of claims) {
      if (claim.is !== 'claimed' || claim.etag === undefined) continue;
      await this.#table.write(claim.name, { session: null }, { ifMatch: claim.etag }).catch(() => {});
    }
  }

  #holds(found: FoundSession | undefined, key: string): found is FoundSession & { readonly record: SessionRecord } {
    if (!found?.record || !found.keys.includes(key)) return false;
    this.#owners.set(keyName(key), found.record.id);
    return true;
  }
}

/** `undefined` for an entry that nobody claims any more. */
function claimant(entry: Found | undefined): string | undefined {
  const session = entry?.value['session'];
  return typeof session === 'string' ? session : undefined;
}
