import type { SessionRecord } from '@onrecord/core';
import { segmentOf } from './names.ts';
import { shortId } from './short-id.ts';

export const duePrefix = 'due/';

/**
 * A due marker is an empty object whose name says when a session is due, so that a listing begins with what is due
 * first. It is written before the record that counts on it, under a name of its own, and says from which revision on it
 * holds: a record of that revision or a later one that names another marker will never name this one.
 */
export interface DueMarker {
  readonly name: string;
  /** RFC 3339. */
  readonly dueAt: string;
  readonly order: string;
  readonly revision: number;
  readonly segment: string;
}

export function dueMarker(record: Pick<SessionRecord, 'id'>, dueAt: string, order: string, revision: number): string {
  const time = new Date(dueAt).toISOString();
  return `${duePrefix}${[time, order, revision, shortId(), segmentOf(record.id)].join('~')}`;
}

/** `undefined` for a name that no version of this store has written. */
export function parseDueMarker(name: string): DueMarker | undefined {
  if (!name.startsWith(duePrefix)) return undefined;
  const [dueAt = '', order = '', revision = '', , segment] = name.slice(duePrefix.length).split('~');
  if (segment === undefined || !/^\d+$/.test(revision) || Number.isNaN(Date.parse(dueAt))) return undefined;
  return { name, dueAt, order, revision: Number(revision), segment };
}

/** Whether the marker of the stored record leads to the record that replaces it at the right time. */
export function keepsMarker(
  due: string | undefined,
  lease: SessionRecord['lease'],
  next: Pick<SessionRecord, 'dueAt' | 'lease'>,
): boolean {
  if (next.dueAt === undefined || due === undefined) return false;
  if (parseDueMarker(due)?.dueAt !== new Date(next.dueAt).toISOString()) return false;
  // Others leave a marker alone until the lease they saw has passed: one that is given back early needs another marker.
  return lease === undefined || (next.lease?.owner === lease.owner && next.lease.until >= lease.until);
}
