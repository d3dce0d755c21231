import { type ClaimOptions, type Clock, OnRecordError, type SessionRecord, timestamp } from '@onrecord/core';
import { BoundedMap } from './bounded-map.ts';
import { type DueMarker, duePrefix, parseDueMarker } from './due-markers.ts';
import type { ObjectTable } from './object-table.ts';
import type { FoundSession, SessionObjects } from './session-objects.ts';

/** A marker whose record does not count on it yet belongs to a writer that died when it is older than this. */
const abandonedAfterMs = 3_600_000;

/**
 * How long a marker is left alone before its session is looked at again: as long as it is old, for a young one is mostly
 * that of a write which is under way, and its session may be due at once.
 */
const lookAgainMs = { least: 250, most: 60_000 } as const;

/** Markers that are set aside until a time: their sessions are leased, not written yet, or cannot be read. */
const rememberedMarkers = 10_000;

/** Sessions that are claimed at the same time. */
const claimsAtOnce = 8;

interface Candidate {
  readonly marker: DueMarker;
  readonly modifiedMs: number | undefined;
}

interface SetAside {
  readonly untilMs: number;
  /** Whose lease it is; that worker may renew it. */
  readonly owner?: string | undefined;
}

/** Finds what is due by its markers, earliest first, reading no further than the first marker of the future. */
export class DueSessions {
  readonly #table: ObjectTable;
  readonly #sessions: SessionObjects;
  readonly #clock: Clock;
  readonly #setAside = new BoundedMap<SetAside>(rememberedMarkers);
  /** What is wrong with a damaged session, until there is nothing to hand out. */
  #untold: { readonly error: OnRecordError } | undefined;
  /** The last claim that was asked for; never rejects. */
  #claiming: Promise<void> = Promise.resolve();

  constructor(table: ObjectTable, sessions: SessionObjects, clock: Clock) {
    this.#table = table;
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /**
   * A session that cannot be read keeps no other from being claimed; what is wrong with it is thrown when there is
   * nothing else to hand out, of a damaged one about once a minute. Claims of this process take turns, so that they do not run for the same sessions.
   */
  claim(options: ClaimOptions): Promise<readonly SessionRecord[]> {
    const mine = this.#claiming.then(() => this.#claim(options));
    this.#claiming = mine.then(
      () => {},
      () => {},
    );
    return mine;
  }

  async #claim(options: ClaimOptions): Promise<readonly SessionRecord[]> {
    const { now, limit, owner } = options;
    const claimed: SessionRecord[] = [];
    const failures: unknown[] = [];
    let candidates: Candidate[] = [];
    const claimAll = async () => {
      for (const result of await Promise.allSettled(candidates.map((each) => this.#claimOne(each, options)))) {
        if (result.status === 'rejected') failures.push(result.reason);
        else if (result.value) claimed.push(result.value);
      }
      candidates = [];
    };
    if (limit <= 0) return claimed;
    for await (const entry of this.#table.entries(duePrefix, Math.max(16, 2 * Math.min(limit, 500)))) {
      const marker = parseDueMarker(entry.name);
      if (!marker) continue;
      if (marker.dueAt > now) break;
      const aside = this.#setAside.get(entry.name);
      if (aside && aside.owner !== owner && aside.untilMs > Date.parse(now)) continue;
      candidates.push({ marker, modifiedMs: entry.modifiedMs });
      if (candidates.length < Math.min(claimsAtOnce, limit - claimed.length)) continue;
      await claimAll();
      if (claimed.length === limit) return claimed;
    }
    await claimAll();
    if (claimed.length > 0) return claimed;
    if (failures.length > 0) throw failures[0];
    const untold = this.#untold;
    this.#untold = undefined;
    if (untold) throw untold.error;
    return claimed;
  }

  /** Every marker, whenever it is due, in order of the creation of its session. */
  async markers(): Promise<readonly DueMarker[]> {
    const markers: DueMarker[] = [];
    for await (const { name } of this.#table.entries(duePrefix, 1_000)) {
      const marker = parseDueMarker(name);
      if (marker) markers.push(marker);
    }
    return markers.sort((left, right) => (left.order < right.order ? -1 : 1));
  }

  async #claimOne(candidate: Candidate, { now, leaseMs, owner }: ClaimOptions): Promise<SessionRecord | undefined> {
    const { marker } = candidate;
    const nowMs = Date.parse(now);
    let found = await this.#read(marker, nowMs);
    if (found === 'unreadable') return undefined;
    // Each turn but the first means that another process changed the session.
    while (found?.record && found.due === marker.name) {
      const { record } = found;
      const { lease } = record;
      if (lease && lease.owner !== owner && lease.until > now) {
        this.#setAside.set(marker.name, { untilMs: Date.parse(lease.until), owner: lease.owner });
        return undefined;
      }
      const untilMs = nowMs + leaseMs;
      const leased = { ...record, lease: { owner, until: timestamp(untilMs) }, revision: record.revision + 1 };
      const result = await this.#sessions.write(marker.segment, { ...found, record: leased }, found);
      if (result.written) {
        this.#setAside.set(marker.name, { untilMs, owner });
        return leased;
      }
      found = result.found;
    }
    await this.#tidy(candidate, found, nowMs);
    return undefined;
  }

  /** Of a marker that its record does not count on: any more, yet, or ever. */
  async #tidy({ marker, modifiedMs }: Candidate, found: FoundSession | undefined, nowMs: number): Promise<void> {
    if ((found?.revision ?? 0) >= marker.revision) {
      this.#table.removeLater(marker.name);
      return;
    }
    const ageMs = modifiedMs === undefined ? 0 : this.#clock.now() - modifiedMs;
    const waitMs = Math.min(lookAgainMs.most, Math.max(lookAgainMs.least, ageMs));
    this.#setAside.set(marker.name, { untilMs: nowMs + waitMs });
    if (ageMs >= abandonedAfterMs && (await this.#sessions.fence(marker.segment, found)))
      this.#table.removeLater(marker.name);
  }

  /** A record that this version cannot read is left to the processes that can; a damaged one, to people. */
  async #read(marker: DueMarker, nowMs: number): Promise<FoundSession | undefined | 'unreadable'> {
    try {
      return await this.#sessions.readSegment(marker.segment);
    } catch (error) {
      const isDamaged = OnRecordError.is(error, 'integrity-failed');
      if (!isDamaged && !OnRecordError.is(error, 'unsupported')) throw error;
      if (isDamaged) this.#untold = { error };
      this.#setAside.set(marker.name, { untilMs: nowMs + lookAgainMs.most });
      return 'unreadable';
    }
  }
}
