import { deepEqual, equal } from 'node:assert/strict';
import { always } from '../case.ts';
import type { StoreCase } from './case-types.ts';
import { at } from './samples.ts';

export const journalCases: readonly StoreCase[] = [
  {
    id: 'STORE-JOURNAL-001',
    rule: 'The first value under a name stands: a repeated turn gets the answer that was given.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      equal(await store.recall('turn/1'), undefined);
      const answer = { Actions: [{ Type: 'Speak', Text: 'é\u0000' }], SchemaVersion: '1.0', none: null };
      deepEqual(await store.remember('turn/1', answer, at(60_000)), answer);
      deepEqual(await store.remember('turn/1', { other: true }, at(60_000)), answer);
      deepEqual(await store.recall('turn/1'), answer);
      equal(await store.recall('turn/2'), undefined);
    },
  },
  {
    id: 'STORE-JOURNAL-002',
    rule: 'Every JSON value can be remembered, false, zero, empty and null included.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      for (const [index, value] of [false, 0, '', null, [], {}].entries()) {
        deepEqual(await store.remember(`value/${index}`, value, at(60_000)), value);
        deepEqual(await store.remember(`value/${index}`, 'later', at(60_000)), value);
        deepEqual(await store.recall(`value/${index}`), value);
      }
    },
  },
  {
    id: 'STORE-JOURNAL-003',
    rule: 'Of many first writers one wins, and all are told the same.',
    appliesTo: always,
    async run(harness) {
      const stores = await Promise.all([harness.open(), harness.open()]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => stores[index % 2]!.remember('turn/1', { index }, at(60_000))),
      );
      for (const answer of answers) deepEqual(answer, answers[0]);
      deepEqual(await stores[1]!.recall('turn/1'), answers[0]);
    },
  },
  {
    id: 'STORE-JOURNAL-004',
    rule: 'A value is kept at least until it expires, however often expired things are cleared away.',
    appliesTo: always,
    async run(harness) {
      const store = await harness.open();
      await store.remember('kept', 'yes', at(60_001));
      await store.remember('gone', 'maybe', at(1));
      await store.claimDue({ now: at(60_000), limit: 1, leaseMs: 1, owner: 'worker' });
      equal(await store.recall('kept'), 'yes');
    },
  },
];
