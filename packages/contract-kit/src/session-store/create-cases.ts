import { deepEqual, equal } from 'node:assert/strict';
import { always } from '../case.ts';
import type { StoreCase } from './case-types.ts';
import { sampleRecord, sessionId } from './samples.ts';

export const createCases: readonly StoreCase[] = [
  {
    id: 'STORE-CREATE-001',
    rule: 'A new record is stored whole, as revision 1, and is there as soon as create has resolved.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      const record = sampleRecord(1);
      const created = await store.create(record, ['a']);
      equal(created.created, true);
      deepEqual(created.record, { ...record, revision: 1 });
      deepEqual(await store.load(record.id), { ...record, revision: 1 });
      equal(await store.load(sessionId(2)), undefined);
    },
  },
  {
    id: 'STORE-CREATE-002',
    rule: 'When a key is taken nothing is stored, and the record that holds it comes back: a start is started once.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['start/1']);
      const again = await store.create(sampleRecord(2), ['free', 'start/1', 'free too']);
      equal(again.created, false);
      deepEqual(again.record, { ...sampleRecord(1), revision: 1 });
      equal(await store.load(sessionId(2)), undefined);
      equal(await store.findByKey('free'), undefined);
      equal(await store.findByKey('free too'), undefined);
      deepEqual(await store.list(), [sessionId(1)]);
    },
  },
  {
    id: 'STORE-CREATE-003',
    rule: 'A session id is created once: repeating it returns what is stored, whatever became of it since.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      await store.save({ ...sampleRecord(1), labels: { changed: 'yes' } }, 1);
      const again = await store.create(sampleRecord(1), ['a', 'b']);
      equal(again.created, false);
      equal(again.record.revision, 2);
      deepEqual(again.record.labels, { changed: 'yes' });
      equal(await store.findByKey('b'), undefined);
    },
  },
  {
    id: 'STORE-CREATE-004',
    rule: 'Of many processes that create under one key at once exactly one creates, and all get its record.',
    appliesTo: always,
    async run(harness) {
      const stores = await Promise.all([harness.open(), harness.open()]);
      const attempts = await Promise.all(
        Array.from({ length: 20 }, async (_, index) =>
          stores[index % 2]!.create(sampleRecord(index + 1), [`own-${index}`, 'start/shared']),
        ),
      );
      equal(attempts.filter(({ created }) => created).length, 1);
      equal(new Set(attempts.map(({ record }) => record.id)).size, 1);
      equal((await stores[0]!.list()).length, 1);
    },
  },
];
