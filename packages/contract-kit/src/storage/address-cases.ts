import { equal, ok } from 'node:assert/strict';
import { Storage } from '@onrecord/core';
import { always } from '../case.ts';
import { type StorageCase, whereRemote } from './case-types.ts';
import { inPieces, sampleBytes } from './sources.ts';
import { codeOf, errorOf, never, put, withoutRequest } from './steps.ts';

const unsafeKeys = [
  '',
  '/etc/passwd',
  '../outside',
  'a/../../outside',
  'a//b',
  'a/./b',
  'a/',
  'a\\b',
  'a\u0000b',
  'a\nb',
];

export const addressCases: readonly StorageCase[] = [
  {
    id: 'STO-URI-001',
    rule: 'The URI of a key leads back to the key, also through another driver of the same store.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const other = await harness.open();
      for (const key of ['a', 'a b/ü+c (1).wav', '100%25?x=1&y#z', 'Ω/日本/\u{1F3A7}.mp4']) {
        const uri = driver.uriOf(key);
        ok(uri.startsWith(`${driver.scheme}:`), uri);
        equal(other.keyOf(uri), key);
      }
    },
  },
  {
    id: 'STO-URI-002',
    rule: 'A URI that lies elsewhere has no key here: another scheme, another store, the store itself, or above it.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const root = driver.uriOf('k').slice(0, -1);
      for (const uri of [
        'https://example.com/k',
        `${driver.scheme}://elsewhere/other/k`,
        `x${root}k`,
        root,
        `${root.slice(0, -1)}-sibling/k`,
        '',
      ]) {
        equal(driver.keyOf(uri), undefined, uri);
      }
    },
  },
  {
    id: 'STO-KEY-001',
    rule: 'A key that could leave its place, or that some store would change, is refused before any request.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const storage = new Storage(driver);
      await withoutRequest(harness, async () => {
        for (const key of unsafeKeys) {
          equal(await codeOf(driver, storage.put(key, inPieces(sampleBytes(1)))), 'invalid-request', key);
          equal(await codeOf(driver, storage.get(key)), 'invalid-request', key);
          equal(await codeOf(driver, storage.delete(key)), 'invalid-request', key);
        }
      });
    },
  },
  {
    id: 'STO-ERR-001',
    rule: 'A store that cannot be reached is unavailable, and repeating is safe.',
    appliesTo: whereRemote,
    async run(harness) {
      const driver = await harness.unreachable!();
      for (const work of [
        () => driver.doHead('k', { signal: never }),
        () => driver.doGet('k', { signal: never }),
        () => driver.doDelete('k', { signal: never }),
        () => driver.doList('', { limit: 1, signal: never }),
        () => put(driver, 'k', sampleBytes(10)),
      ]) {
        const judged = driver.classifyError(await errorOf(work()));
        equal(judged.code, 'unavailable');
        equal(judged.retry, 'safe');
      }
    },
  },
  {
    id: 'STO-ERR-002',
    rule: 'Credentials that the store does not accept are the caller’s to mend; repeating is no use.',
    appliesTo: whereRemote,
    async run(harness) {
      const driver = await harness.unauthorized!();
      for (const work of [
        () => driver.doHead('k', { signal: never }),
        () => driver.doGet('k', { signal: never }),
        () => put(driver, 'k', sampleBytes(10)),
      ]) {
        const judged = driver.classifyError(await errorOf(work()));
        ok(['unauthenticated', 'permission-denied'].includes(judged.code), `it says ${judged.code}`);
        equal(judged.retry, 'never');
      }
    },
  },
  {
    id: 'STO-ERR-003',
    rule: 'Whatever is thrown is judged: with a code, an advice and who has to act.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      for (const thrown of [new Error('odd'), 'text', undefined, null, 5, new TypeError('x')]) {
        const judged = driver.classifyError(thrown);
        ok(judged.code && judged.retry && judged.blame, `no judgement of ${String(thrown)}`);
      }
    },
  },
  {
    id: 'STO-CLOSE-001',
    rule: 'A driver can be closed twice.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      await put(driver, 'k', sampleBytes(1));
      await driver.close();
      await driver.close();
    },
  },
];
