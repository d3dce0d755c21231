import { OnRecordError } from '../errors/index.ts';
import type { SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { Change } from './add-reports.ts';

/** Attempts under contention before giving up; each one means that another process made progress. */
const maxAttempts = 100;

/**
 * Changes a record by compare-and-set, repeating `change` on the newest revision until it is saved. `change` is pure
 * and may return the record it was given, or undefined, to change nothing.
 * @throws OnRecordError `not-found` when there is no such session.
 */
export async function commit(
  store: SessionStore,
  sessionId: string,
  change: (record: SessionRecord) => SessionRecord | Change | undefined,
): Promise<SessionRecord> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await store.load(sessionId);
    if (!before) {
      throw new OnRecordError('not-found', `There is no session ${sessionId} in this store.`, {
        context: { sessionId },
      });
    }
    const result = change(before);
    if (result === undefined || result === before) return before;
    const { record, addKeys } = 'addKeys' in result ? result : { record: result, addKeys: [] };
    if (record === before) return before;
    const keys = addKeys.map((key) => providerIndex(record.provider, key));
    if ((await store.save(record, before.revision, keys)) === 'saved') {
      return { ...record, revision: before.revision + 1 };
    }
    const taken = await takenBy(store, keys, sessionId);
    if (taken) {
      throw new OnRecordError(
        'provider-contract',
        `Provider key ${taken.key} already belongs to session ${taken.id}.`,
        {
          blame: 'provider',
          context: { sessionId, otherSessionId: taken.id },
        },
      );
    }
  }
  throw new OnRecordError('conflict', `Session ${sessionId} changed ${maxAttempts} times while it was being saved.`, {
    retry: 'safe',
    blame: 'library',
    context: { sessionId },
  });
}

async function takenBy(store: SessionStore, keys: readonly string[], sessionId: string) {
  for (const key of keys) {
    const holder = await store.findByKey(key);
    if (holder && holder.id !== sessionId) return { key, id: holder.id };
  }
  return undefined;
}

/** The store key under which a provider's own name of a recording leads to its session. */
export function providerIndex(instance: string, providerKey: string): string {
  return `provider/${instance}/${providerKey}`;
}
