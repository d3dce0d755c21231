import { deepEqual, equal, ok } from 'node:assert/strict';
import { always } from '../case.ts';
import type { StorageCase } from './case-types.ts';
import { sampleBytes } from './sources.ts';
import { codeOf, listed, never, put } from './steps.ts';

/**
 * In the order of their code points, which is not that of folders or of any language. None lies where UTF-8 and UTF-16
 * sort differently: stores differ there.
 */
const ordered = [
  'a',
  'a!',
  'a-b',
  'a.b',
  'a/b',
  'a/b-c',
  'a/b.d/e',
  'a/c',
  'a0',
  'aa',
  'b',
  'z',
  'ä',
  '\u65E5',
  '\u{1F3A7}',
];

export const listCases: readonly StorageCase[] = [
  {
    id: 'STO-LIST-001',
    rule: 'A listing gives every object once, in the order of the code points of their keys, with size, etag and URI.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      // A store of files cannot hold `a` beside `a/b`.
      const keys = ordered.filter((key) => key !== 'a');
      for (const key of keys.toReversed()) await put(driver, key, sampleBytes(key.length));
      const { objects, cursor } = await driver.doList('', { limit: 1000, signal: never });
      equal(cursor, undefined);
      deepEqual(
        objects.map((object) => object.key),
        keys,
      );
      for (const object of objects) {
        equal(object.bytes, object.key.length);
        equal(object.uri, driver.uriOf(object.key));
        equal(object.etag, (await driver.doHead(object.key, { signal: never }))?.etag);
      }
    },
  },
  {
    id: 'STO-LIST-002',
    rule: 'A prefix is the beginning of a key, not a folder; what does not begin with it is left out.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      for (const key of ['2026/01/a', '2026/01b', '2026/1', '2025/01/a', '2026']) {
        if (key !== '2026') await put(driver, key, sampleBytes(1));
      }
      deepEqual(await listed(driver, '2026/01', 10), ['2026/01/a', '2026/01b']);
      deepEqual(await listed(driver, '2026/01/', 10), ['2026/01/a']);
      deepEqual(await listed(driver, '202', 10), ['2025/01/a', '2026/01/a', '2026/01b', '2026/1']);
      deepEqual(await listed(driver, '2026/01/a', 10), ['2026/01/a']);
      deepEqual(await listed(driver, '2026/01/a/', 10), []);
      deepEqual(await listed(driver, 'nothing/here', 10), []);
    },
  },
  {
    id: 'STO-LIST-003',
    rule: 'Pages of any size give the same keys in the same order as one page, none twice and none left out.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      deepEqual(await listed(driver, '', 3), []);
      const keys = Array.from({ length: 13 }, (_, index) => `p/${String(index).padStart(2, '0')}/k`);
      await Promise.all(keys.map((key) => put(driver, key, sampleBytes(1))));
      for (const limit of [1, 4, 13, 14]) deepEqual(await listed(driver, 'p/', limit), keys, `pages of ${limit}`);
    },
  },
  {
    id: 'STO-LIST-004',
    rule: 'A listing goes on when objects come and go between its pages: what was there all the time is given once.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      for (const key of ['a', 'b', 'c', 'd', 'e']) await put(driver, key, sampleBytes(1));
      const first = await driver.doList('', { limit: 2, signal: never });
      ok(first.cursor !== undefined, 'there is no second page');
      await driver.doDelete('b', { signal: never });
      await put(driver, 'aa', sampleBytes(1));
      const rest = await driver.doList('', { cursor: first.cursor, limit: 10, signal: never });
      const seen = [...first.objects, ...rest.objects].map((object) => object.key);
      for (const key of ['a', 'c', 'd', 'e']) equal(seen.filter((other) => other === key).length, 1, key);
    },
  },
  {
    id: 'STO-LIST-005',
    rule: 'An aborted listing ends as aborted.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      equal(await codeOf(driver, driver.doList('', { limit: 10, signal: AbortSignal.abort() })), 'aborted');
    },
  },
];
