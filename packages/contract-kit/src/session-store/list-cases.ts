import { deepEqual, equal } from 'node:assert/strict';
import type { SessionRecord } from '@onrecord/core';
import { always } from '../case.ts';
import type { StoreCase } from './case-types.ts';
import { at, sampleRecord, sessionId } from './samples.ts';

function finished(ordinal: number): SessionRecord {
  const { dueAt: _, ...record } = sampleRecord(ordinal);
  return record;
}

const all = { limit: 100 } as const;

export const listCases: readonly StoreCase[] = [
  {
    id: 'STORE-LIST-002',
    rule: 'Only unfinished sessions are listed where that is asked for: all that a worker has to look at again, due or not.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      for (const ordinal of [1, 2, 3, 4]) await store.create(sampleRecord(ordinal), [`own-${ordinal}`]);
      await store.create(finished(5), ['own-5']);
      equal(await store.save(finished(2), 1), 'saved');
      equal(await store.save({ ...sampleRecord(3), dueAt: at(24 * 3_600_000) }, 1), 'saved');
      await store.claimDue({ now: at(0), limit: 1, leaseMs: 60_000, owner: 'worker' });
      deepEqual(await store.list({ unfinished: true }), [1, 3, 4].map(sessionId));
      deepEqual(await store.list({ unfinished: true, after: sessionId(1), limit: 1 }), [sessionId(3)]);
      // A page may end with a session that was finished meanwhile.
      deepEqual(await store.list({ unfinished: true, after: sessionId(2), ...all }), [3, 4].map(sessionId));
      deepEqual(await store.list(all), [1, 2, 3, 4, 5].map(sessionId));
    },
  },
];
