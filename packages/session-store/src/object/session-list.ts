import type { Clock, ListOptions } from '@onrecord/core';
import { BoundedMap } from './bounded-map.ts';
import { orderPrefix, parseOrderName } from './creation-order.ts';
import type { DueSessions } from './due-sessions.ts';
import { inBatches } from './in-batches.ts';
import type { Entry, ObjectTable } from './object-table.ts';
import type { FoundSession, SessionObjects } from './session-objects.ts';

/** A place in the list without a session belongs to a creation that failed when it is older than this. */
const abandonedAfterMs = 3_600_000;

/** Unfinished sessions that are read before it is seen whether there are enough. */
const unfinishedPage = 32;

/** Pages of which this process remembers how to go on. */
const rememberedPages = 100;

/** The sessions in order of creation, for reports and sweeps: slow, and never on the way of a call. */
export class SessionList {
  readonly #table: ObjectTable;
  readonly #sessions: SessionObjects;
  readonly #due: DueSessions;
  readonly #clock: Clock;
  readonly #cursors = new BoundedMap<string>(rememberedPages);

  constructor(table: ObjectTable, sessions: SessionObjects, due: DueSessions, clock: Clock) {
    this.#table = table;
    this.#sessions = sessions;
    this.#due = due;
    this.#clock = clock;
  }

  async list({ after, limit = Number.POSITIVE_INFINITY, unfinished }: ListOptions): Promise<readonly string[]> {
    const known = after === undefined ? undefined : (this.#sessions.known(after) ?? (await this.#sessions.read(after)));
    return unfinished
      ? this.#unfinished(known?.order ?? '', limit)
      : this.#all(known?.order ?? '', limit, after === undefined ? undefined : this.#cursors.get(after));
  }

  async #all(after: string, limit: number, from: string | undefined): Promise<readonly string[]> {
    const ids: string[] = [];
    let cursor = from;
    do {
      // No more than is missing, so that a page ends where the next one begins.
      const page = await this.#table.page(orderPrefix, { limit: Math.min(1_000, limit - ids.length), cursor });
      const places = page.entries.filter(({ name }) => (parseOrderName(name)?.order ?? '') > after);
      const found = await inBatches(places, (entry) => this.#placeOf(entry));
      ids.push(...found.flatMap((id) => (id === undefined ? [] : [id])));
      cursor = page.cursor;
    } while (cursor !== undefined && ids.length < limit);
    const last = ids.at(-1);
    if (last !== undefined && cursor !== undefined) this.#cursors.set(last, cursor);
    return ids;
  }

  async #unfinished(after: string, limit: number): Promise<readonly string[]> {
    const ids: string[] = [];
    const markers = (await this.#due.markers()).filter(({ order }) => order > after);
    while (markers.length > 0 && ids.length < limit) {
      const found = await inBatches(markers.splice(0, unfinishedPage), async ({ segment, name }) => {
        const session = await this.#sessions.readSegment(segment);
        return session?.record && session.due === name ? session.record.id : undefined;
      });
      ids.push(...found.filter((id) => id !== undefined));
    }
    return ids.slice(0, limit);
  }

  /** A place says for itself that its session was made once that was seen. */
  async #placeOf({ name, bytes, modifiedMs }: Entry): Promise<string | undefined> {
    const parsed = parseOrderName(name);
    if (!parsed) return undefined;
    const { order, segment } = parsed;
    // A hashed id stands in the record only.
    if (bytes > 0 && !segment.startsWith('_')) return segment;
    const found = await this.#sessions.readSegment(segment);
    if (found?.record && found.order === order) {
      if (bytes === 0) await this.#table.mark(name, 'made');
      return found.record.id;
    }
    await this.#tidy(name, segment, found, modifiedMs);
    return undefined;
  }

  async #tidy(name: string, segment: string, found: FoundSession | undefined, modifiedMs = Number.NaN): Promise<void> {
    // The place of a session that was made never changes, so this is not it.
    if (found?.record) return this.#table.removeLater(name);
    if (!(this.#clock.now() - modifiedMs >= abandonedAfterMs)) return;
    if (await this.#sessions.fence(segment, found)) this.#table.removeLater(name);
  }
}
