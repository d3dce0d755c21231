import { equal, ok } from 'node:assert/strict';
import { OnRecordError } from '@onrecord/core';
import { always } from '../case.ts';
import { type StorageCase, whereFaulty, whereFaultyIfAbsent } from './case-types.ts';
import { inPieces, LARGE_BYTES, sampleBytes, thenFails, thenHangs } from './sources.ts';
import { codeOf, errorOf, holds, holdsNothing, never, put } from './steps.ts';

export const failedPutCases: readonly StorageCase[] = [
  {
    id: 'STO-FAIL-001',
    rule: 'When the source fails nothing is stored, no upload stays open, and the error of the source comes out.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const failure = new Error('the provider hung up');
      for (const length of [0, 1000, LARGE_BYTES]) {
        const source = thenFails(sampleBytes(length), failure);
        equal(await errorOf(driver.doPut('k', source, { signal: never })), failure);
        await holdsNothing(harness, driver, 'k');
      }
    },
  },
  {
    id: 'STO-FAIL-002',
    rule: 'A source that fails after its last announced byte has failed all the same: nothing is stored.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const failure = new Error('digest differs');
      for (const length of [1000, 3_000_000, LARGE_BYTES]) {
        const source = thenFails(sampleBytes(length), failure);
        equal(await errorOf(driver.doPut('k', source, { bytes: length, signal: never })), failure);
        await holdsNothing(harness, driver, 'k');
      }
    },
  },
  {
    id: 'STO-FAIL-003',
    rule: 'A source with fewer or more bytes than announced is not stored.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      for (const length of [1000, 3_000_000, LARGE_BYTES]) {
        for (const announced of [length + 1, length - 1]) {
          const work = driver.doPut('k', inPieces(sampleBytes(length)), { bytes: announced, signal: never });
          equal(await codeOf(driver, work), 'integrity-failed');
          await holdsNothing(harness, driver, 'k');
        }
      }
    },
  },
  {
    id: 'STO-FAIL-004',
    rule: 'A put that is aborted before it begins is refused as aborted and stores nothing.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const work = driver.doPut('k', inPieces(sampleBytes(1000)), { signal: AbortSignal.abort() });
      equal(await codeOf(driver, work), 'aborted');
      await holdsNothing(harness, driver, 'k');
    },
  },
  {
    id: 'STO-FAIL-005',
    rule: 'A put that is aborted while its source hangs ends at once, as aborted, and leaves nothing.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      for (const { given, bytes } of [
        { given: 1000, bytes: undefined },
        { given: 3_000_000, bytes: 4_000_000 },
        { given: LARGE_BYTES, bytes: undefined },
      ]) {
        const controller = new AbortController();
        const source = thenHangs(sampleBytes(given));
        const work = driver.doPut('k', source.body, { bytes, signal: controller.signal });
        const code = codeOf(driver, work);
        await source.hanging;
        controller.abort(new Error('enough'));
        equal(await code, 'aborted');
        await holdsNothing(harness, driver, 'k');
      }
    },
  },
  {
    id: 'STO-FAIL-006',
    rule: 'A failed put leaves the object that was there before as it was.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      const previous = sampleBytes(2000, 5);
      const before = await put(driver, 'k', previous);
      for (const length of [100, LARGE_BYTES]) {
        await errorOf(driver.doPut('k', thenFails(sampleBytes(length), new Error('no')), { signal: never }));
        await holds(driver, 'k', previous);
        equal((await driver.doHead('k', { signal: never }))?.etag, before.etag);
      }
    },
  },
  {
    id: 'STO-FAIL-007',
    rule: 'A put that gives up lets its source go, so that the connection behind it is closed.',
    appliesTo: always,
    async run(harness) {
      const driver = await harness.open();
      let released = false;
      async function* source(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield sampleBytes(1000);
        } finally {
          released = true;
        }
      }
      equal(await codeOf(driver, driver.doPut('k', source(), { bytes: 5000, signal: never })), 'integrity-failed');
      ok(released, 'the source was not told to end');
    },
  },
  {
    id: 'STO-FAIL-008',
    rule: 'When the store fails at the very end, neither object nor upload is left, and the advice is to repeat.',
    appliesTo: whereFaulty,
    async run(harness) {
      const driver = await harness.open();
      for (const length of [1000, LARGE_BYTES]) {
        harness.faults?.failCommit();
        const error = await errorOf(driver.doPut('k', inPieces(sampleBytes(length)), { signal: never }));
        const { retry } = OnRecordError.is(error) ? error : driver.classifyError(error);
        equal(retry, 'safe');
        harness.faults?.heal();
        await holdsNothing(harness, driver, 'k');
      }
    },
  },
  {
    id: 'STO-FAIL-009',
    rule: 'A put whose answer is lost finds its own object and succeeds; with ifAbsent it never takes it for another’s.',
    appliesTo: whereFaultyIfAbsent,
    async run(harness) {
      const driver = await harness.open();
      for (const length of [1000, LARGE_BYTES]) {
        for (const ifAbsent of [false, true]) {
          const key = `k-${length}-${ifAbsent}`;
          harness.faults?.loseCommitAnswer();
          const info = await driver.doPut(key, inPieces(sampleBytes(length)), { ifAbsent, signal: never });
          harness.faults?.heal();
          equal(info.bytes, length);
          equal((await driver.doHead(key, { signal: never }))?.etag, info.etag);
          await holds(driver, key, sampleBytes(length));
          equal((await harness.openUploads?.())?.length ?? 0, 0);
        }
      }
    },
  },
  {
    id: 'STO-FAIL-010',
    rule: 'A put with ifAbsent whose answer is lost while another’s object is there says already-exists.',
    appliesTo: whereFaultyIfAbsent,
    async run(harness) {
      const driver = await harness.open();
      const bytes = sampleBytes(1000);
      await put(driver, 'k', bytes);
      harness.faults?.loseCommitAnswer();
      // The same bytes on purpose: content does not tell whose object it is.
      const code = await codeOf(driver, put(driver, 'k', bytes, { ifAbsent: true }));
      harness.faults?.heal();
      ok(code === 'already-exists' || code === 'unavailable', `it says ${code}`);
    },
  },
];
