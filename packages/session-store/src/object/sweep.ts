import { randomInt } from 'node:crypto';
import { inBatches } from './in-batches.ts';
import { shardPrefix, shards, sweepName } from './names.ts';
import type { Entry, ObjectTable } from './object-table.ts';

const minuteMs = 60_000;

/** Objects that are looked at in one sweep: some seconds of work. */
const sweepPage = 1_000;

/**
 * A worker that always has something to do sweeps this often all the same: a shard's turn comes within 22 hours then. An
 * odd number, so that every shard has one.
 */
const busyMinutes = 5;

/** Digits by which a part of a large shard is chosen: parts of a store with billions of notes. */
const mostDigits = 6;

/**
 * Removes what has expired, one shard a minute, so that everything is looked at every four hours and 16 minutes, by
 * workers that are never idle more slowly; of a shard that is larger than one sweep, a part that chance chooses. The
 * minute decides which shard, so that a worker that lives for one tick does its part. One process of a deployment sweeps
 * a shard at a time, chosen by compare-and-set, and it has given up long before the shard's turn comes again: nothing
 * removes a note that was written under a name that had expired and was free again.
 */
export class Sweep {
  readonly #table: ObjectTable;
  #lastMinute: number | undefined;
  /** Of the first question whether it is overdue, or of the last sweep. */
  #countsFrom: number | undefined;

  constructor(table: ObjectTable) {
    this.#table = table;
  }

  /**
   * Whether this process, as long as it asks, has not swept for {@link busyMinutes}.
   * @param now RFC 3339.
   */
  isOverdue(now: string): boolean {
    const minute = minuteOf(now);
    this.#countsFrom ??= minute;
    return minute >= this.#countsFrom + busyMinutes;
  }

  /** @param now RFC 3339. */
  async run(now: string): Promise<void> {
    const minute = minuteOf(now);
    if (minute === this.#lastMinute) return;
    this.#lastMinute = minute;
    this.#countsFrom = minute;
    if (!(await this.#chosen(minute))) return;
    const entries = await this.#someOf(shardPrefix(minute % shards));
    await inBatches(entries, ({ name }) => this.#removeExpired(name, now));
  }

  async #someOf(shard: string): Promise<readonly Entry[]> {
    let prefix = shard;
    for (let digits = 0; ; digits++) {
      const { entries, cursor } = await this.#table.page(prefix, { limit: sweepPage });
      if (cursor === undefined || digits === mostDigits) return entries;
      prefix += randomInt(16).toString(16);
    }
  }

  async #chosen(minute: number): Promise<boolean> {
    const found = await this.#table.read(sweepName);
    if (found && Number(found.value['minute']) >= minute) return false;
    const result = await this.#table.write(sweepName, { minute }, found ? { ifMatch: found.etag } : { ifAbsent: true });
    return !('refused' in result);
  }

  async #removeExpired(name: string, now: string): Promise<void> {
    const found = await this.#table.read(name);
    const expiresAt = found?.value['expiresAt'];
    if (typeof expiresAt === 'string' && expiresAt <= now) await this.#table.remove(name);
  }
}

function minuteOf(now: string): number {
  return Math.floor(Date.parse(now) / minuteMs);
}
