import { setTimeout } from 'node:timers/promises';
import { OnRecordError, type SessionRecord, type SessionStore } from '@onrecord/core';

/**
 * The first session of the store, as soon as the flow has started one, in whichever process. An application with more
 * than one call would take the id from its events.
 */
export async function firstSession(store: SessionStore): Promise<string> {
  for (;;) {
    const [id] = await store.list({ limit: 1 });
    if (id !== undefined) return id;
    await setTimeout(50);
  }
}

/** The record, once nobody waits for an event of it any more. */
export async function eventsDelivered(store: SessionStore, sessionId: string): Promise<SessionRecord> {
  const { signal } = new AbortController();
  for (let record = await store.load(sessionId); record; ) {
    if (record.outbox.length === 0) return record;
    record = await store.watch(sessionId, record.revision, { signal });
  }
  throw new OnRecordError('not-found', `There is no session ${sessionId}.`);
}
