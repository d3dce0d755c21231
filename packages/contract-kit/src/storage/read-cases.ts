import { deepEqual, equal, ok } from 'node:assert/strict';
import { always } from '../case.ts';
import { type StorageCase, whereDurable, whereFaulty } from './case-types.ts';
import { LARGE_BYTES, sampleBytes } from './sources.ts';
import { bytesOf, codeOf, holds, never, put } from './steps.ts';

export const readCases: readonly StorageCase[] = [
  {
    id: 'STO-GET-001',
    rule: 'A range gives the bytes from first to last, both included, and the size of the whole object.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const bytes = sampleBytes(300_000);
      const stored = await put(driver, 'k', bytes);
      for (const [first, last] of [
        [0, 0],
        [1, 1000],
        [299_999, 299_999],
        [100_000, undefined],
        [299_000, 10_000_000],
      ] as const) {
        const { info, body } = await driver.doGet('k', { range: { first, last }, signal: never });
        equal(info.bytes, 300_000);
        equal(info.etag, stored.etag);
        const expected = bytes.subarray(first, last === undefined ? undefined : last + 1);
        deepEqual(Buffer.from(await bytesOf(body)), Buffer.from(expected), `range ${first}–${last}`);
      }
    },
  },
  {
    id: 'STO-GET-002',
    rule: 'A range that begins behind the end, or is none, is refused, never answered with other bytes.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      await put(driver, 'k', sampleBytes(100));
      await put(driver, 'empty', new Uint8Array());
      for (const [key, range] of [
        ['k', { first: 100 }],
        ['k', { first: 100, last: 120 }],
        ['empty', { first: 0 }],
        ['k', { first: -1 }],
        ['k', { first: 5, last: 4 }],
        ['k', { first: 0.5 }],
      ] as const) {
        equal(await codeOf(driver, driver.doGet(key, { range, signal: never })), 'invalid-request');
      }
    },
  },
  {
    id: 'STO-GET-003',
    rule: 'Reading what is not there says not-found, with and without a range.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      await put(driver, 'k/inside', sampleBytes(10));
      for (const key of ['absent', 'k', 'k/inside/more']) {
        equal(await codeOf(driver, driver.doGet(key, { signal: never })), 'not-found', key);
        equal(await codeOf(driver, driver.doGet(key, { range: { first: 0 }, signal: never })), 'not-found', key);
      }
    },
  },
  {
    id: 'STO-GET-004',
    rule: 'An aborted read ends with an error, never as if the object ended there.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      await put(driver, 'k', sampleBytes(LARGE_BYTES));
      equal(await codeOf(driver, driver.doGet('k', { signal: AbortSignal.abort() })), 'aborted');
      const controller = new AbortController();
      const { body } = await driver.doGet('k', { signal: controller.signal });
      const reading = (async () => {
        for await (const _piece of body) controller.abort();
      })();
      equal(await codeOf(driver, reading), 'aborted');
    },
  },
  {
    id: 'STO-GET-005',
    rule: 'A body that breaks off is resumed or ends with an error, never as if the object ended there.',
    appliesTo: whereFaulty,
    async run(harness) {
      const driver = await harness.open();
      const bytes = sampleBytes(200_000);
      await put(driver, 'k', bytes);
      for (const range of [undefined, { first: 0, last: 150_000 }]) {
        harness.faults?.breakBody(70_000);
        const outcome = await driver.doGet('k', { range, signal: never }).then(async ({ body }) => ({
          content: await bytesOf(body).catch((error: unknown) => ({ error })),
        }));
        harness.faults?.heal();
        if ('error' in outcome.content) equal(driver.classifyError(outcome.content.error).retry, 'safe');
        else deepEqual(Buffer.from(outcome.content), Buffer.from(bytes.subarray(0, range ? 150_001 : undefined)));
      }
      await holds(driver, 'k', bytes);
    },
  },
  {
    id: 'STO-GET-006',
    rule: 'A read that is given up midway hinders nobody: the object can be read, replaced and deleted.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      await put(driver, 'k', sampleBytes(LARGE_BYTES));
      const { body } = await driver.doGet('k', { signal: never });
      for await (const _piece of body) break;
      await holds(driver, 'k', sampleBytes(LARGE_BYTES));
      await driver.doDelete('k', { signal: never });
    },
  },
  {
    id: 'STO-HEAD-001',
    rule: 'What head says is what put said, and reading changes none of it; of what is not there it says nothing.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      equal(await driver.doHead('k', { signal: never }), undefined);
      const stored = await put(driver, 'k/inside', sampleBytes(1234));
      equal(await driver.doHead('k', { signal: never }), undefined);
      equal(await driver.doHead('k/inside/more', { signal: never }), undefined);
      await holds(driver, 'k/inside', sampleBytes(1234));
      const { info, body } = await driver.doGet('k/inside', { signal: never });
      await bytesOf(body);
      const head = await driver.doHead('k/inside', { signal: never });
      deepEqual({ ...info }, { ...head });
      equal(head?.etag, stored.etag);
      equal(head?.bytes, 1234);
      equal(head?.uri, stored.uri);
      ok(head?.modifiedAt !== undefined && !Number.isNaN(Date.parse(head.modifiedAt)), 'it has no time');
    },
  },
  {
    id: 'STO-DEL-001',
    rule: 'A deleted object is gone for readers and listings; deleting what is not there is success.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      await put(driver, 'a/k', sampleBytes(10));
      await put(driver, 'a/other', sampleBytes(10));
      await driver.doDelete('a/k', { signal: never });
      await driver.doDelete('a/k', { signal: never });
      await driver.doDelete('never/was', { signal: never });
      equal(await driver.doHead('a/k', { signal: never }), undefined);
      const { objects } = await driver.doList('', { limit: 10, signal: never });
      deepEqual(
        objects.map((object) => object.key),
        ['a/other'],
      );
      equal(await codeOf(driver, driver.doDelete('a/other', { signal: AbortSignal.abort() })), 'aborted');
      ok(await driver.doHead('a/other', { signal: never }));
    },
  },
  {
    id: 'STO-DEL-002',
    rule: 'A key that was deleted can be used again, and nothing of its earlier object comes back.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const options = { contentType: 'audio/wav', metadata: { old: 'yes' }, signal: never };
      await driver.doPut('k', (async function* () {})(), options);
      await driver.doDelete('k', { signal: never });
      await put(driver, 'k', sampleBytes(10));
      deepEqual({ ...(await driver.doHead('k', { signal: never }))?.metadata }, {});
    },
  },
  {
    id: 'STO-DUR-001',
    rule: 'What a put acknowledged is there for another process, content and metadata.',
    appliesTo: whereDurable,
    async run(harness) {
      const writer = await harness.open();
      const stored = await writer.doPut('k', (async function* () {})(), { metadata: { m: '1' }, signal: never });
      await writer.close();
      const reader = await harness.open();
      const head = await reader.doHead('k', { signal: never });
      equal(head?.etag, stored.etag);
      deepEqual({ ...head?.metadata }, { m: '1' });
    },
  },
];
