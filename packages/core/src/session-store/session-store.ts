import type { Json } from '../json.ts';
import type { Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';

/** A report whose session is not known yet. */
export interface ParkedReport {
  /** The correlation or provider key it names. */
  readonly key: string;
  readonly report: Report;
  readonly expiresAt: string;
}

export interface ClaimOptions {
  /** RFC 3339. */
  readonly now: string;
  readonly limit: number;
  readonly leaseMs: number;
  /** Identity of the worker; it may renew its own lease. */
  readonly owner: string;
}

export interface ListOptions {
  /** Only sessions created after this one. */
  readonly after?: string | undefined;
  /** Default: no limit. */
  readonly limit?: number | undefined;
  /** Only sessions that a worker has to look at again: those with `dueAt`. A recording that runs is among them. */
  readonly unfinished?: boolean | undefined;
}

/**
 * Keeps session records. The unit of atomicity is one record under compare-and-set. Every method resolves only after
 * the change is durable as the store promises. A record of a newer major schema is refused, untouched.
 */
export interface SessionStore {
  /**
   * Stores a new record (revision 1) and its keys in one step. When one of the keys is taken, nothing is stored and
   * the record that holds it is returned with `created: false`.
   */
  create(
    record: SessionRecord,
    keys: readonly string[],
  ): Promise<{ readonly record: SessionRecord; readonly created: boolean }>;
  load(id: string): Promise<SessionRecord | undefined>;
  findByKey(key: string): Promise<SessionRecord | undefined>;
  /**
   * Replaces the record if its stored revision is still `expectedRevision`; the stored revision becomes one more.
   * A key in `addKeys` that another session holds makes it a `conflict` and changes nothing.
   */
  save(record: SessionRecord, expectedRevision: number, addKeys?: readonly string[]): Promise<'saved' | 'conflict'>;
  /** Keeps a report until its key appears or it expires. Parking the same `reportId` under the same key twice keeps one. */
  park(parked: ParkedReport): Promise<void>;
  /**
   * Hands out what is parked under these keys and not expired at `now` (RFC 3339), again and again until its report id
   * comes back in `taken`: only then is it removed, so whoever dies before it has saved a report loses none.
   */
  unpark(keys: readonly string[], now: string, taken?: readonly string[]): Promise<readonly ParkedReport[]>;
  /** Records with `dueAt` ≤ now whose lease is free or expired, earliest first, now leased to `owner`. */
  claimDue(options: ClaimOptions): Promise<readonly SessionRecord[]>;
  /**
   * Resolves with the record as soon as its revision is above `afterRevision`, whichever process saved it.
   * @throws the signal's reason when aborted first.
   */
  watch(id: string, afterRevision: number, options: { readonly signal: AbortSignal }): Promise<SessionRecord>;
  /**
   * Stores a small value unless the name is taken, and returns the value that stands: the first writer wins.
   * Used for journals (one answer per turn, one announcement per id). Kept at least until `expiresAt` (RFC 3339).
   */
  remember(name: string, value: Json, expiresAt: string): Promise<Json>;
  recall(name: string): Promise<Json | undefined>;
  /** Ids of sessions, oldest first, for reports and sweeps. */
  list(options?: ListOptions): Promise<readonly string[]>;
  close(): Promise<void>;
}
