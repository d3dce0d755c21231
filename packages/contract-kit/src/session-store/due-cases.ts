import { deepEqual, equal } from 'node:assert/strict';
import type { SessionRecord } from '@onrecord/core';
import { always } from '../case.ts';
import type { StoreCase } from './case-types.ts';
import { at, sampleRecord, sessionId } from './samples.ts';

const minute = 60_000;

const due = (ordinal: number, dueMs: number): SessionRecord => ({ ...sampleRecord(ordinal), dueAt: at(dueMs) });

const claim = (owner: string, nowMs: number, limit = 10) => ({ now: at(nowMs), limit, leaseMs: minute, owner });

const ids = (records: readonly SessionRecord[]): readonly string[] => records.map(({ id }) => id);

export const dueCases: readonly StoreCase[] = [
  {
    id: 'STORE-DUE-001',
    rule: 'What is due comes earliest first, at most as much as asked for; what is due later, or never, does not come.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      const { dueAt: _, ...never } = sampleRecord(5);
      const records = [due(1, 3), due(2, 1), due(3, 2), due(4, 11), never];
      for (const record of records) await store.create(record, [record.id]);
      deepEqual(ids(await store.claimDue(claim('worker', 10, 2))), [2, 3].map(sessionId));
      deepEqual(ids(await store.claimDue(claim('other', 10))), [1].map(sessionId));
    },
  },
  {
    id: 'STORE-DUE-002',
    rule: 'A claimed session is nobody else’s until its lease has passed, and then it is taken over.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(due(1, 0), ['a']);
      const [claimed] = await store.claimDue(claim('first', 0));
      deepEqual(claimed?.lease, { owner: 'first', until: at(minute) });
      deepEqual(await store.claimDue(claim('second', minute - 1)), []);
      const [taken] = await store.claimDue(claim('second', minute));
      deepEqual(taken?.lease, { owner: 'second', until: at(2 * minute) });
    },
  },
  {
    id: 'STORE-DUE-003',
    rule: 'An owner may renew its own lease.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(due(1, 0), ['a']);
      await store.claimDue(claim('first', 0));
      const [renewed] = await store.claimDue(claim('first', 10));
      deepEqual(renewed?.lease, { owner: 'first', until: at(minute + 10) });
      deepEqual(await store.claimDue(claim('second', minute)), []);
    },
  },
  {
    id: 'STORE-DUE-004',
    rule: 'Workers that claim at once never get the same session, and together they get all.',
    appliesTo: always,
    async run(harness) {
      const stores = await Promise.all([harness.open(), harness.open()]);
      const ordinals = Array.from({ length: 24 }, (_, index) => index + 1);
      for (const ordinal of ordinals) await stores[0]!.create(due(ordinal, ordinal), [`own-${ordinal}`]);
      const claims = await Promise.all(
        Array.from({ length: 12 }, (_, index) => stores[index % 2]!.claimDue(claim(`worker-${index}`, minute, 2))),
      );
      deepEqual([...ids(claims.flat())].sort(), ordinals.map(sessionId).sort());
    },
  },
  {
    id: 'STORE-DUE-005',
    rule: 'A claim is a change like any other: who read the record before it cannot save over the lease.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(due(1, 0), ['a']);
      const before = await store.load(sessionId(1));
      const [claimed] = await store.claimDue(claim('first', 0));
      equal(await store.save(before!, before!.revision), 'conflict');
      deepEqual(await store.load(sessionId(1)), claimed);
      equal(await store.save(claimed!, claimed!.revision), 'saved');
      deepEqual((await store.load(sessionId(1)))?.lease, { owner: 'first', until: at(minute) });
    },
  },
  {
    id: 'STORE-DUE-006',
    rule: 'A save decides when a session is due next, and a save without lease gives it back at once.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(due(1, 0), ['a']);
      const [claimed] = await store.claimDue(claim('first', 0));
      const { lease: _, ...free } = claimed!;
      equal(await store.save({ ...free, dueAt: at(20) }, free.revision), 'saved');
      deepEqual(await store.claimDue(claim('second', 19)), []);
      const [second] = await store.claimDue(claim('second', 20));
      equal(second?.id, sessionId(1));
      const { dueAt: __, lease: ___, ...done } = second!;
      equal(await store.save(done, done.revision), 'saved');
      deepEqual(await store.claimDue(claim('third', 100 * minute)), []);
    },
  },
];
