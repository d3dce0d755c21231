import { deepEqual } from 'node:assert/strict';
import type { ParkedReport } from '@onrecord/core';
import { always } from '../case.ts';
import type { StoreCase } from './case-types.ts';
import { at, sampleReport } from './samples.ts';

const hour = 3_600_000;

const parked = (key: string, ordinal: number, expiresAt: string = at(24 * hour)): ParkedReport => ({
  key,
  report: sampleReport(ordinal),
  expiresAt,
});

const ids = (found: readonly ParkedReport[]): readonly string[] => found.map(({ report }) => report.reportId).sort();

export const parkCases: readonly StoreCase[] = [
  {
    id: 'STORE-PARK-001',
    rule: 'A report whose session is unknown waits, whole, and is handed out under its key until it is said to be taken.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.park(parked('provider/7', 1));
      deepEqual(await store.unpark(['provider/8'], at(hour)), []);
      deepEqual(await store.unpark(['provider/7'], at(hour)), [parked('provider/7', 1)]);
      deepEqual(await store.unpark(['provider/7'], at(hour)), [parked('provider/7', 1)]);
      deepEqual(await store.unpark(['provider/8'], at(hour), ['report-1']), []);
      deepEqual(await store.unpark(['provider/7'], at(hour), ['report-1']), []);
      deepEqual(await store.unpark(['provider/7'], at(hour)), []);
    },
  },
  {
    id: 'STORE-PARK-002',
    rule: 'A report delivered twice is parked once under a key.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.park(parked('a', 1));
      await store.park(parked('a', 1));
      await store.park(parked('b', 1));
      deepEqual(ids(await store.unpark(['a'], at(hour))), ['report-1']);
      deepEqual(ids(await store.unpark(['b'], at(hour))), ['report-1']);
    },
  },
  {
    id: 'STORE-PARK-003',
    rule: 'All reports under the keys asked for come out together; those under others stay.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      for (const [key, ordinal] of [
        ['a', 1],
        ['a', 2],
        ['b', 3],
        ['c', 4],
      ] as const)
        await store.park(parked(key, ordinal));
      const taken = ['report-1', 'report-2', 'report-3'];
      deepEqual(ids(await store.unpark(['a', 'b', 'none'], at(hour))), taken);
      deepEqual(ids(await store.unpark(['a', 'b', 'c'], at(hour), taken)), ['report-4']);
      deepEqual(await store.unpark([], at(hour)), []);
    },
  },
  {
    id: 'STORE-PARK-004',
    rule: 'An expired report is never handed out.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.park(parked('a', 1, at(hour)));
      await store.park(parked('a', 2, at(2 * hour)));
      await store.claimDue({ now: at(hour), limit: 1, leaseMs: 1, owner: 'worker' });
      deepEqual(ids(await store.unpark(['a'], at(hour))), ['report-2']);
    },
  },
  {
    id: 'STORE-PARK-005',
    rule: 'What is parked while others are taken is neither lost with them nor taken for them, whichever process asks.',
    appliesTo: always,
    async run(harness) {
      const stores = await Promise.all([harness.open(), harness.open()]);
      const early = Array.from({ length: 20 }, (_, index) => `report-${index}`).sort();
      const late = Array.from({ length: 20 }, (_, index) => `report-${index + 20}`).sort();
      await Promise.all(early.map((_, index) => stores[index % 2]!.park(parked('a', index))));
      await Promise.all([
        ...Array.from({ length: 4 }, (_, index) => stores[index % 2]!.unpark(['a'], at(hour), early)),
        ...late.map((_, index) => stores[index % 2]!.park(parked('a', index + 20))),
      ]);
      for (const store of stores) deepEqual(ids(await store.unpark(['a'], at(hour))), late);
    },
  },
];
