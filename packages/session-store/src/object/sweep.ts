import { shardPrefix, shards, sweepName } from './names.ts';
import type { ObjectTable } from './object-table.ts';

const minuteMs = 60_000;

/** Objects of a shard that are looked at in one sweep. */
const sweepPage = 1_000;

/** Reads at once, so that a full shard neither takes a minute nor floods the store. */
const readsAtOnce = 16;

/**
 * Removes what has expired, one shard a minute, so that everything is looked at every four hours and 16 minutes. The
 * minute decides which shard, so that a worker that lives for one tick does its part. One process of a deployment
 * sweeps a shard at a time, chosen by compare-and-set, and it has given up long before the shard's turn comes again:
 * nothing removes a note that was written under a name that had expired and was free again.
 */
export class Sweep {
  readonly #table: ObjectTable;
  #lastMinute: number | undefined;

  constructor(table: ObjectTable) {
    this.#table = table;
  }

  /** @param now RFC 3339. */
  async run(now: string): Promise<void> {
    const minute = Math.floor(Date.parse(now) / minuteMs);
    if (minute === this.#lastMinute) return;
    this.#lastMinute = minute;
    if (!(await this.#chosen(minute))) return;
    const { entries } = await this.#table.page(shardPrefix(minute % shards), { limit: sweepPage });
    for (let at = 0; at < entries.length; at += readsAtOnce) {
      await Promise.all(entries.slice(at, at + readsAtOnce).map(({ name }) => this.#removeExpired(name, now)));
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
