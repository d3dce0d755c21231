import { deepEqual, equal } from 'node:assert/strict';
import type { SessionStore } from '@onrecord/core';
import { type StoreCase, whereDurable } from './case-types.ts';
import type { SessionStoreHarness } from './harness.ts';
import { at, sampleRecord, sampleReport, sessionId } from './samples.ts';

async function crashed(harness: SessionStoreHarness): Promise<SessionStore> {
  if (!harness.crash) throw new Error('The harness of a durable store needs crash');
  await harness.crash();
  return harness.open();
}

export const crashCases: readonly StoreCase[] = [
  {
    id: 'STORE-CRASH-001',
    rule: 'Everything that was acknowledged is there after a kill: records, keys, parked reports, journal, due times.',
    appliesTo: whereDurable,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      await store.save({ ...sampleRecord(1), labels: { saved: 'yes' } }, 1, ['provider/7']);
      await store.create(sampleRecord(2), ['b']);
      await store.park({ key: 'provider/9', report: sampleReport(1), expiresAt: at(3_600_000) });
      await store.remember('turn/1', { answer: 1 }, at(3_600_000));
      const after = await crashed(harness);
      deepEqual(await after.load(sessionId(1)), { ...sampleRecord(1), labels: { saved: 'yes' }, revision: 2 });
      equal((await after.findByKey('provider/7'))?.id, sessionId(1));
      equal((await after.create(sampleRecord(3), ['a'])).created, false);
      deepEqual(await after.list(), [sessionId(1), sessionId(2)]);
      deepEqual(await after.recall('turn/1'), { answer: 1 });
      equal((await after.unpark(['provider/9'], at(0))).length, 1);
      equal((await after.claimDue({ now: at(0), limit: 10, leaseMs: 1, owner: 'worker' })).length, 2);
    },
  },
  {
    id: 'STORE-CRASH-002',
    rule: 'The lease of a worker that was killed holds until its time and not longer.',
    appliesTo: whereDurable,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      await store.claimDue({ now: at(0), limit: 1, leaseMs: 60_000, owner: 'killed' });
      const after = await crashed(harness);
      deepEqual(await after.claimDue({ now: at(59_999), limit: 1, leaseMs: 1, owner: 'next' }), []);
      equal((await after.claimDue({ now: at(60_000), limit: 1, leaseMs: 1, owner: 'next' })).length, 1);
    },
  },
  {
    id: 'STORE-CRASH-003',
    rule: 'A parked report that was handed out to a process which died before it could take it is handed out again.',
    appliesTo: whereDurable,
    async run(harness) {
      const store = await harness.open();
      for (const ordinal of [1, 2]) {
        await store.park({ key: 'provider/9', report: sampleReport(ordinal), expiresAt: at(3_600_000) });
      }
      equal((await store.unpark(['provider/9'], at(0))).length, 2);
      await store.unpark(['provider/9'], at(0), ['report-1']);
      const after = await crashed(harness);
      deepEqual(
        (await after.unpark(['provider/9'], at(0))).map(({ report }) => report.reportId),
        ['report-2'],
      );
    },
  },
];
