import { deepEqual, equal } from 'node:assert/strict';
import { commit, type SessionStore } from '@onrecord/core';
import { always } from '../case.ts';
import type { StoreCase } from './case-types.ts';
import { sampleRecord, sampleReport, sessionId } from './samples.ts';

const WRITERS = 50;

async function increment(store: SessionStore, id: string): Promise<void> {
  await commit(store, id, (record) => ({
    ...record,
    labels: { ...record.labels, count: String(Number(record.labels['count'] ?? 0) + 1) },
  }));
}

export const saveCases: readonly StoreCase[] = [
  {
    id: 'STORE-SAVE-001',
    rule: 'A save at the stored revision replaces the record and counts one up, whatever revision the record itself says.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      equal(await store.save({ ...sampleRecord(1), revision: 99, labels: { second: 'yes' } }, 1), 'saved');
      deepEqual(await store.load(sessionId(1)), { ...sampleRecord(1), revision: 2, labels: { second: 'yes' } });
      equal(await store.save(sampleRecord(1), 2), 'saved');
      deepEqual(await store.load(sessionId(1)), { ...sampleRecord(1), revision: 3 });
    },
  },
  {
    id: 'STORE-SAVE-002',
    rule: 'A save at any other revision is a conflict and changes nothing: no process overwrites what it has not read.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.create(sampleRecord(1), ['a']);
      await store.save(sampleRecord(1), 1);
      for (const revision of [0, 1, 3]) {
        equal(await store.save({ ...sampleRecord(1), labels: { stale: 'yes' } }, revision, ['new']), 'conflict');
      }
      deepEqual(await store.load(sessionId(1)), { ...sampleRecord(1), revision: 2 });
      equal(await store.findByKey('new'), undefined);
    },
  },
  {
    id: 'STORE-SAVE-003',
    rule: 'A session that was never created cannot be saved into being.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      for (const revision of [0, 1]) equal(await store.save(sampleRecord(1), revision, ['a']), 'conflict');
      equal(await store.load(sessionId(1)), undefined);
      equal(await store.findByKey('a'), undefined);
      deepEqual(await store.list(), []);
    },
  },
  {
    id: 'STORE-SAVE-004',
    rule: `${WRITERS} concurrent compare-and-set increments lose none.`,
    appliesTo: always,
    async run(harness) {
      const stores = await Promise.all([harness.open(), harness.open()]);
      await stores[0]!.create(sampleRecord(1), ['a']);
      await Promise.all(Array.from({ length: WRITERS }, (_, index) => increment(stores[index % 2]!, sessionId(1))));
      const record = await stores[1]!.load(sessionId(1));
      equal(record?.labels['count'], String(WRITERS));
      equal(record?.revision, WRITERS + 1);
    },
  },
  {
    id: 'STORE-SAVE-005',
    rule: 'What was stored cannot be changed through an object that was handed in or out.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      const labels: Record<string, string> = { kept: 'yes' };
      const { record } = await store.create({ ...sampleRecord(1), labels }, ['a']);
      const loaded = await store.load(sessionId(1));
      for (const held of [labels, record.labels, loaded?.labels]) {
        // A store may freeze what it shares; then the attempt throws.
        try {
          Object.assign(held as Record<string, string>, { kept: 'no' });
        } catch {}
      }
      deepEqual((await store.load(sessionId(1)))?.labels, { kept: 'yes' });
    },
  },
  {
    id: 'STORE-SAVE-006',
    rule: 'Every value comes back as it was: members this release does not know, any text, and a megabyte of it.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      const unknown = {
        future: { nested: [1, null, { deep: true }], text: 'é 漢字 \u0000 \u2028 \ud83d\ude00 "\\' },
        reports: Array.from({ length: 3_000 }, (_, index) => ({ ...sampleReport(index), future: 'x'.repeat(100) })),
      };
      const record = { ...sampleRecord(1), ...unknown };
      await store.create(record, ['a']);
      deepEqual(await store.load(sessionId(1)), { ...record, revision: 1 });
      equal(await store.save({ ...record, labels: { saved: 'yes' } }, 1), 'saved');
      deepEqual(await store.load(sessionId(1)), { ...record, labels: { saved: 'yes' }, revision: 2 });
    },
  },
  {
    id: 'STORE-LIST-001',
    rule: 'Every session is listed once, oldest first, also page by page.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      deepEqual(await store.list(), []);
      const ids = [3, 1, 5, 2, 4].map(sessionId);
      for (const ordinal of [3, 1, 5, 2, 4]) await store.create(sampleRecord(ordinal), [`own-${ordinal}`]);
      deepEqual(await store.list(), ids);
      const paged: string[] = [];
      for (let after: string | undefined; ; after = paged.at(-1)) {
        const page = await store.list({ limit: 2, ...(after === undefined ? {} : { after }) });
        if (page.length === 0) break;
        paged.push(...page);
      }
      deepEqual(paged, ids);
    },
  },
];
