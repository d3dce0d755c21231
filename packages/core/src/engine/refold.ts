import { timestamp } from '../clock.ts';
import type { EventName, RecordingEvent } from '../events/event.ts';
import { snapshotOf } from '../fold/snapshot-of.ts';
import type { JsonObject } from '../json.ts';
import type { OutboxEntry, SessionRecord } from '../session/record.ts';
import { eventsBetween } from './events-between.ts';
import { reviseExpectations } from './revise-expectations.ts';

/**
 * Derives the snapshot anew, appends the events that the change means, and makes the record due for the worker.
 * `before` is the record as it was loaded; undefined for a new session.
 */
export function refold(record: SessionRecord, before: SessionRecord | undefined, nowMs: number): SessionRecord {
  const folded: SessionRecord = { ...record, snapshot: snapshotOf(record) };
  const expectations = reviseExpectations(folded);
  // The verdict depends on what is expected; what was published is still that of `record`.
  const next =
    expectations === folded.expectations
      ? folded
      : { ...folded, expectations, snapshot: snapshotOf({ ...record, expectations }) };
  return { ...publish(next, eventsBetween(before, next), nowMs), dueAt: timestamp(nowMs) };
}

/** Appends events to the outbox, numbered without gaps. */
export function publish(
  record: SessionRecord,
  events: readonly { readonly name: EventName; readonly data: JsonObject }[],
  nowMs: number,
): SessionRecord {
  if (events.length === 0) return record;
  let sequence = record.sequence;
  const entries: OutboxEntry[] = events.map(({ name, data }) => {
    sequence += 1;
    const event: RecordingEvent = {
      specversion: '1.0',
      id: `${record.id}/${sequence}`,
      type: `dev.onrecord.${name}.v1`,
      source: `onrecord/${record.deployment}/${record.provider}`,
      subject: record.id,
      time: timestamp(nowMs),
      datacontenttype: 'application/json',
      sequence: String(sequence),
      data,
    };
    return { event, attempts: 0 };
  });
  return { ...record, outbox: [...record.outbox, ...entries], sequence };
}
