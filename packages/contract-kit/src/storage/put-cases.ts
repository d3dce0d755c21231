import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { always } from '../case.ts';
import type { StorageCase } from './case-types.ts';
import { inPieces, LARGE_BYTES, sampleBytes, thenHangs } from './sources.ts';
import { contentOf, holds, never, put } from './steps.ts';

export const putCases: readonly StorageCase[] = [
  {
    id: 'STO-PUT-001',
    rule: 'What was put is what is read, byte for byte, and the answer says what was stored.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const bytes = sampleBytes(70_000);
      const info = await put(driver, 'calls/one.wav', bytes);
      equal(info.key, 'calls/one.wav');
      equal(info.uri, driver.uriOf('calls/one.wav'));
      equal(info.bytes, 70_000);
      notEqual(info.etag, '');
      await holds(driver, 'calls/one.wav', bytes);
    },
  },
  {
    id: 'STO-PUT-002',
    rule: 'An object may be empty.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      equal((await put(driver, 'empty', new Uint8Array())).bytes, 0);
      await driver.doPut('unannounced', inPieces(new Uint8Array()), { signal: never });
      equal((await contentOf(driver, 'empty')).byteLength, 0);
      equal((await driver.doHead('unannounced', { signal: never }))?.bytes, 0);
    },
  },
  {
    id: 'STO-PUT-003',
    rule: 'Content type and metadata come back as they were given, and nothing is added to the metadata.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const metadata = { session: '0190-ab', 'track-count': '2', '2nd_part': 'x=1; y="2"' };
      const info = await driver.doPut('k', inPieces(sampleBytes(10)), {
        contentType: 'audio/wav',
        metadata,
        signal: never,
      });
      const head = await driver.doHead('k', { signal: never });
      const { info: got } = await driver.doGet('k', { signal: never });
      for (const seen of [info, head, got]) {
        equal(seen?.contentType, 'audio/wav');
        deepEqual({ ...seen?.metadata }, metadata);
      }
      const bare = await driver.doPut('bare', inPieces(sampleBytes(10)), { signal: never });
      deepEqual({ ...bare.metadata }, {});
      deepEqual({ ...(await driver.doHead('bare', { signal: never }))?.metadata }, {});
    },
  },
  {
    id: 'STO-PUT-004',
    rule: 'A put replaces the object that was there, all of it, and changes its etag.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const first = await driver.doPut('k', inPieces(sampleBytes(5000, 1)), {
        contentType: 'audio/wav',
        metadata: { old: 'yes' },
        signal: never,
      });
      const second = await put(driver, 'k', sampleBytes(100, 2));
      notEqual(second.etag, first.etag);
      await holds(driver, 'k', sampleBytes(100, 2));
      deepEqual({ ...(await driver.doHead('k', { signal: never }))?.metadata }, {});
    },
  },
  {
    id: 'STO-PUT-005',
    rule: 'A recording larger than one part arrives whole, its length unknown, in pieces of any size.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const bytes = sampleBytes(LARGE_BYTES);
      for (const pieceBytes of [100_003, 9_000_001]) {
        const info = await driver.doPut('large', inPieces(bytes, pieceBytes), { signal: never });
        equal(info.bytes, LARGE_BYTES);
        await holds(driver, 'large', bytes);
      }
    },
  },
  {
    id: 'STO-PUT-006',
    rule: 'A recording larger than one part arrives whole when its length is announced.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const bytes = sampleBytes(LARGE_BYTES);
      equal((await put(driver, 'large', bytes)).bytes, LARGE_BYTES);
      await holds(driver, 'large', bytes);
      equal((await driver.doHead('large', { signal: never }))?.bytes, LARGE_BYTES);
    },
  },
  {
    id: 'STO-PUT-007',
    rule: 'A key may hold spaces, letters of any script and the signs of URLs, and comes back unchanged.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const keys = ['a b/ü+c (1).wav', '100%25?x=1&y#z', 'Ω/日本/\u{1F3A7}.mp4', "it's~!*@:,;=$[]"];
      for (const [index, key] of keys.entries()) {
        await put(driver, key, sampleBytes(20, index + 1));
      }
      for (const [index, key] of keys.entries()) {
        await holds(driver, key, sampleBytes(20, index + 1));
        equal((await driver.doHead(key, { signal: never }))?.key, key);
      }
      const { objects } = await driver.doList('', { limit: 10, signal: never });
      deepEqual(new Set(objects.map((object) => object.key)), new Set(keys));
    },
  },
  {
    id: 'STO-PUT-008',
    rule: 'Until a put ends, readers see what was there before: nothing, or the previous object whole.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const reader = await harness.open();
      for (const previous of [undefined, sampleBytes(3000, 9)]) {
        if (previous) await put(driver, 'old', previous);
        const key = previous ? 'old' : 'new';
        const source = thenHangs(sampleBytes(LARGE_BYTES));
        const writing = driver.doPut(key, source.body, { signal: never });
        await source.hanging;
        if (previous) await holds(reader, key, previous);
        else equal(await reader.doHead(key, { signal: never }), undefined);
        const { objects } = await reader.doList(key, { limit: 10, signal: never });
        deepEqual(
          objects.map((object) => object.bytes),
          previous ? [previous.byteLength] : [],
        );
        source.finish();
        await writing;
        await holds(reader, key, sampleBytes(LARGE_BYTES));
      }
    },
  },
];
