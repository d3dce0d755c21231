import { deepEqual, equal } from 'node:assert/strict';
import { always } from '../case.ts';
import type { StoreCase } from './case-types.ts';
import { sampleRecord, sessionId } from './samples.ts';

export const keyCases: readonly StoreCase[] = [
  {
    id: 'STORE-KEY-001',
    rule: 'A session is found by each key it was created with, compared exactly, and by no other.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      const keys = ['start//call-1', 'Provider/Ä ?%_*\u0000"\'', `long/${'x'.repeat(600)}`];
      await store.create(sampleRecord(1), keys);
      for (const key of keys) equal((await store.findByKey(key))?.id, sessionId(1), key);
      for (const key of ['', 'start//', 'START//CALL-1', 'provider/Ä ?%_*\u0000"\'', '%', 'start//call-1 ']) {
        equal(await store.findByKey(key), undefined, key);
      }
    },
  },
  {
    id: 'STORE-KEY-002',
    rule: 'A key added with a save leads to the session from that save on: events name recordings by ids learnt later.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      equal(await store.save({ ...sampleRecord(1), labels: { saved: '1' } }, 1, ['provider/7', 'a']), 'saved');
      deepEqual((await store.findByKey('provider/7'))?.labels, { saved: '1' });
      equal((await store.findByKey('a'))?.revision, 2);
      equal(await store.save(sampleRecord(1), 2, ['provider/7']), 'saved');
    },
  },
  {
    id: 'STORE-KEY-003',
    rule: 'Adding a key that another session holds is a conflict that changes neither record nor keys.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['one']);
      await store.create(sampleRecord(2), ['two']);
      equal(await store.save({ ...sampleRecord(2), labels: { lost: 'yes' } }, 1, ['new', 'one']), 'conflict');
      deepEqual(await store.load(sessionId(2)), { ...sampleRecord(2), revision: 1 });
      equal(await store.findByKey('new'), undefined);
      equal((await store.findByKey('one'))?.id, sessionId(1));
    },
  },
  {
    id: 'STORE-KEY-004',
    rule: 'Of several sessions that add one key at once exactly one gets it.',
    appliesTo: always,
    async run(harness) {
      const stores = await Promise.all([harness.open(), harness.open()]);
      const ordinals = Array.from({ length: 10 }, (_, index) => index + 1);
      for (const ordinal of ordinals) await stores[0]!.create(sampleRecord(ordinal), [`own-${ordinal}`]);
      const outcomes = await Promise.all(
        ordinals.map((ordinal) => stores[ordinal % 2]!.save(sampleRecord(ordinal), 1, ['provider/contested'])),
      );
      equal(outcomes.filter((outcome) => outcome === 'saved').length, 1);
      const winner = sessionId(ordinals[outcomes.indexOf('saved')]!);
      equal((await stores[1]!.findByKey('provider/contested'))?.id, winner);
    },
  },
];
