import { deepEqual, equal, rejects } from 'node:assert/strict';
import { OnRecordError } from '@onrecord/core';
import { always } from '../case.ts';
import { type StoreCase, whereShared } from './case-types.ts';
import { at, sampleRecord, sessionId } from './samples.ts';

const never = new AbortController().signal;

export const watchCases: readonly StoreCase[] = [
  {
    id: 'STORE-WATCH-001',
    rule: 'Watching a revision that has passed resolves at once with the newest record.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      await store.save(sampleRecord(1), 1);
      equal((await store.watch(sessionId(1), 1, { signal: never })).revision, 2);
      equal((await store.watch(sessionId(1), 0, { signal: never })).revision, 2);
    },
  },
  {
    id: 'STORE-WATCH-002',
    rule: 'Every watcher hears of a save made after it began, and of none at or below its revision.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      const next = [1, 1, 2].map((after) => store.watch(sessionId(1), after, { signal: never }));
      await store.save({ ...sampleRecord(1), labels: { turn: 'first' } }, 1);
      deepEqual((await next[0])?.labels, { turn: 'first' });
      equal((await next[1])?.revision, 2);
      await store.save({ ...sampleRecord(1), labels: { turn: 'second' } }, 2);
      deepEqual((await next[2])?.labels, { turn: 'second' });
    },
  },
  {
    id: 'STORE-WATCH-003',
    rule: 'A watcher that gives up gets its signal’s reason, also when it had given up before it began.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      const reason = new Error('enough');
      const controller = new AbortController();
      const watching = store.watch(sessionId(1), 1, { signal: controller.signal });
      const rejected = rejects(watching, reason);
      controller.abort(reason);
      await rejected;
      await rejects(store.watch(sessionId(1), 1, { signal: controller.signal }), reason);
    },
  },
  {
    id: 'STORE-WATCH-004',
    rule: 'A watcher hears of a save that another process made: any process may confirm what another asked for.',
    appliesTo: whereShared,
    async run(harness) {
      const [web, lambda] = await Promise.all([harness.open(), harness.open()]);
      await web.create(sampleRecord(1), ['a']);
      const watching = web.watch(sessionId(1), 1, { signal: never });
      equal(await lambda.save({ ...sampleRecord(1), labels: { by: 'lambda' } }, 1), 'saved');
      deepEqual((await watching).labels, { by: 'lambda' });
    },
  },
  {
    id: 'STORE-WATCH-005',
    rule: 'Closing the store ends its watchers with an error instead of leaving them waiting, and later calls are refused.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      const isClosed = (error: unknown) => OnRecordError.is(error, 'invalid-state');
      const rejected = rejects(store.watch(sessionId(1), 1, { signal: never }), isClosed);
      await store.close();
      await rejected;
      await rejects(store.load(sessionId(1)), isClosed);
      await rejects(store.claimDue({ now: at(0), limit: 1, leaseMs: 1, owner: 'worker' }), isClosed);
      await store.close();
    },
  },
];
