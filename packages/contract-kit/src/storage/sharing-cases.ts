import { deepEqual, equal, ok } from 'node:assert/strict';
import { Storage } from '@onrecord/core';
import { type StorageCase, whereLinks, whereNoLinks, whereOwnCopies } from './case-types.ts';
import { inPieces, sampleBytes } from './sources.ts';
import { codeOf, holds, holdsNothing, never, put, withoutRequest } from './steps.ts';

export const sharingCases: readonly StorageCase[] = [
  {
    id: 'STO-LINK-001',
    rule: 'A link reads its object without credentials, and can neither write nor read another one.',
    appliesTo: whereLinks,
    async run(harness) {
      const driver = await harness.open();
      const bytes = sampleBytes(5000);
      await put(driver, 'a b/ü.wav', bytes);
      await put(driver, 'a b/x.wav', sampleBytes(10));
      const link = await driver.doPresignRead!('a b/ü.wav', { expiresInMs: 60_000, signal: never });
      const got = await fetch(link);
      equal(got.status, 200);
      deepEqual(Buffer.from(await got.arrayBuffer()), Buffer.from(bytes));
      for (const [method, url] of [
        ['PUT', link],
        ['DELETE', link],
        ['GET', link.replace('%C3%BC.wav', 'x.wav')],
      ] as const) {
        const refused = await fetch(url, { method, ...(method === 'PUT' ? { body: 'other' } : {}) });
        await refused.arrayBuffer();
        ok(refused.status >= 400 && refused.status < 500, `${method} through the link gave ${refused.status}`);
      }
      await holds(driver, 'a b/ü.wav', bytes);
    },
  },
  {
    id: 'STO-LINK-002',
    rule: 'A link for less than a second, or longer than the store allows, is refused.',
    appliesTo: whereLinks,
    async run(harness) {
      const driver = await harness.open();
      for (const expiresInMs of [0, -1, Number.NaN, 8 * 24 * 3_600_000]) {
        equal(await codeOf(driver, driver.doPresignRead!('k', { expiresInMs, signal: never })), 'invalid-request');
      }
    },
  },
  {
    id: 'STO-LINK-003',
    rule: 'A store that makes no links says so before any request.',
    appliesTo: whereNoLinks,
    async run(harness) {
      const driver = await harness.open();
      await withoutRequest(harness, async () => {
        equal(await codeOf(driver, new Storage(driver).presignRead('k', { expiresInMs: 60_000 })), 'unsupported');
      });
    },
  },
  {
    id: 'STO-COPY-001',
    rule: 'A copy within the service has the bytes, the content type and the metadata of its source.',
    appliesTo: whereOwnCopies,
    async run(harness) {
      const driver = await harness.open();
      for (const length of [0, 3000]) {
        const options = { contentType: 'audio/wav', metadata: { 'session-id': '1' }, signal: never };
        const source = await driver.doPut('a b/ü.wav', inPieces(sampleBytes(length)), options);
        const copy = await driver.doCopyFrom!(source.uri, 'copies/c.wav', { signal: never });
        equal(copy.bytes, length);
        equal(copy.uri, driver.uriOf('copies/c.wav'));
        equal(copy.contentType, 'audio/wav');
        deepEqual({ ...copy.metadata }, { 'session-id': '1' });
        await holds(driver, 'copies/c.wav', sampleBytes(length));
        await holds(driver, 'a b/ü.wav', sampleBytes(length));
      }
    },
  },
  {
    id: 'STO-COPY-002',
    rule: 'A copy from another service is refused before any request; a copy of nothing says not-found and stores nothing.',
    appliesTo: whereOwnCopies,
    async run(harness) {
      const driver = await harness.open();
      await withoutRequest(harness, async () => {
        for (const uri of ['https://example.com/k', 'file:///etc/passwd', '']) {
          equal(await codeOf(driver, driver.doCopyFrom!(uri, 'k', { signal: never })), 'unsupported');
        }
      });
      equal(await codeOf(driver, driver.doCopyFrom!(driver.uriOf('absent'), 'k', { signal: never })), 'not-found');
      await holdsNothing(harness, driver, 'k');
    },
  },
];
