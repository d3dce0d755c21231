import { equal, notEqual } from 'node:assert/strict';
import { Storage } from '@onrecord/core';
import { type StorageCase, whereIfAbsent, whereIfMatch, whereNoIfAbsent, whereNoIfMatch } from './case-types.ts';
import { inPieces, LARGE_BYTES, sampleBytes } from './sources.ts';
import { codeOf, contentOf, errorOf, holds, holdsNothing, put, withoutRequest } from './steps.ts';

const WRITERS = 12;

export const conditionCases: readonly StorageCase[] = [
  {
    id: 'STO-COND-001',
    rule: 'With ifAbsent an object is created once; the second put says already-exists and changes nothing.',
    appliesTo: whereIfAbsent,
    async run(harness) {
      const driver = await harness.open();
      for (const length of [500, LARGE_BYTES]) {
        const key = `k-${length}`;
        await put(driver, key, sampleBytes(length, 1), { ifAbsent: true });
        equal(await codeOf(driver, put(driver, key, sampleBytes(length, 2), { ifAbsent: true })), 'already-exists');
        await holds(driver, key, sampleBytes(length, 1));
        equal((await harness.openUploads?.())?.length ?? 0, 0);
      }
    },
  },
  {
    id: 'STO-COND-002',
    rule: 'Of many writers with ifAbsent at once exactly one succeeds, its bytes are stored, and the others are told.',
    appliesTo: whereIfAbsent,
    async run(harness) {
      const drivers = [await harness.open(), await harness.open()];
      const outcomes = await Promise.all(
        Array.from({ length: WRITERS }, async (_, writer) => {
          const driver = drivers[writer % 2]!;
          return put(driver, 'one', sampleBytes(4000, writer + 1), { ifAbsent: true }).then(
            () => writer,
            (error: unknown) => codeOf(driver, Promise.reject(error)),
          );
        }),
      );
      const winners = outcomes.filter((outcome) => typeof outcome === 'number');
      equal(winners.length, 1, `${winners.length} writers were told that they created it`);
      for (const outcome of outcomes) if (typeof outcome === 'string') equal(outcome, 'already-exists');
      await holds(drivers[0]!, 'one', sampleBytes(4000, winners[0]! + 1));
    },
  },
  {
    id: 'STO-COND-003',
    rule: 'With ifMatch an object is replaced only while it has that etag; otherwise it says conflict and changes nothing.',
    appliesTo: whereIfMatch,
    async run(harness) {
      const driver = await harness.open();
      const first = await put(driver, 'k', sampleBytes(100, 1));
      const second = await put(driver, 'k', sampleBytes(100, 2), { ifMatch: first.etag });
      notEqual(second.etag, first.etag);
      for (const length of [100, LARGE_BYTES]) {
        equal(await codeOf(driver, put(driver, 'k', sampleBytes(length, 3), { ifMatch: first.etag })), 'conflict');
        await holds(driver, 'k', sampleBytes(100, 2));
      }
      await put(driver, 'k', sampleBytes(LARGE_BYTES, 4), { ifMatch: second.etag });
      equal(await codeOf(driver, put(driver, 'absent', sampleBytes(10), { ifMatch: first.etag })), 'conflict');
      await holdsNothing(harness, driver, 'absent');
    },
  },
  {
    id: 'STO-COND-004',
    rule: 'Of many writers with the same ifMatch at once exactly one succeeds: nobody’s change is lost unseen.',
    appliesTo: whereIfMatch,
    async run(harness) {
      const drivers = [await harness.open(), await harness.open()];
      let { etag } = await put(drivers[0]!, 'counter', Buffer.from('0'));
      for (let round = 1; round <= 3; round++) {
        const outcomes = await Promise.allSettled(
          Array.from({ length: WRITERS }, (_, writer) =>
            put(drivers[writer % 2]!, 'counter', Buffer.from(`${round}/${writer}`), { ifMatch: etag }),
          ),
        );
        const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
        equal(won.length, 1, `${won.length} writers replaced the same version`);
        etag = won[0]!.etag;
      }
    },
  },
  {
    id: 'STO-COND-005',
    rule: 'A store without atomic ifMatch refuses it before any request and leaves the object as it is.',
    appliesTo: whereNoIfMatch,
    async run(harness) {
      const driver = await harness.open();
      const storage = new Storage(driver);
      const { etag } = await put(driver, 'k', sampleBytes(100, 1));
      await withoutRequest(harness, async () => {
        const body = () => inPieces(sampleBytes(100, 2));
        equal(await codeOf(driver, storage.put('k', body(), { ifMatch: etag })), 'unsupported');
        equal(await codeOf(driver, put(driver, 'k', sampleBytes(100, 2), { ifMatch: etag })), 'unsupported');
      });
      await holds(driver, 'k', sampleBytes(100, 1));
    },
  },
  {
    id: 'STO-COND-006',
    rule: 'A store without atomic ifAbsent refuses it before any request and stores nothing.',
    appliesTo: whereNoIfAbsent,
    async run(harness) {
      const driver = await harness.open();
      await withoutRequest(harness, async () => {
        equal(await codeOf(driver, put(driver, 'k', sampleBytes(100), { ifAbsent: true })), 'unsupported');
      });
      await errorOf(contentOf(driver, 'k'));
    },
  },
];
