import { deepEqual, equal, rejects } from 'node:assert/strict';
import { type JsonObject, OnRecordError } from '@onrecord/core';
import { type StoreCase, whereShared } from './case-types.ts';
import { at, sampleRecord, sessionId } from './samples.ts';

const isUnsupported = (error: unknown): boolean => OnRecordError.is(error, 'unsupported');

/** A record as a release of the next major version would write it. */
function newer(ordinal: number): JsonObject & { readonly id: string } {
  const text = JSON.stringify({
    ...sampleRecord(ordinal),
    schema: 'onrecord.session/v2',
    revision: 1,
    meaning: 'other',
  });
  return JSON.parse(text) as JsonObject & { readonly id: string };
}

export const schemaCases: readonly StoreCase[] = [
  {
    id: 'STORE-SCHEMA-001',
    rule: 'A stored record of a newer major schema is not read, not claimed and not overwritten by this release.',
    appliesTo: whereShared,
    async run(harness) {
      if (!harness.plant || !harness.stored) throw new Error('The harness of a shared store needs plant and stored');
      const store = await harness.open();
      await store.create(sampleRecord(2), ['two']);
      await harness.plant(newer(1), ['a']);
      const before = await harness.stored(sessionId(1));
      await rejects(store.load(sessionId(1)), isUnsupported);
      await rejects(store.findByKey('a'), isUnsupported);
      await rejects(store.save(sampleRecord(1), 1), isUnsupported);
      await rejects(store.create(sampleRecord(1), ['a']), isUnsupported);
      const claimed = await store.claimDue({ now: at(60_000), limit: 10, leaseMs: 1, owner: 'worker' });
      deepEqual(
        claimed.map(({ id }) => id),
        [sessionId(2)],
      );
      equal(await harness.stored(sessionId(1)), before);
    },
  },
  {
    id: 'STORE-SCHEMA-002',
    rule: 'A stored record of this major schema with members from a later release is read and saved with them.',
    appliesTo: whereShared,
    async run(harness) {
      if (!harness.plant) throw new Error('The harness of a shared store needs plant');
      const text = JSON.stringify({ ...sampleRecord(1), revision: 1, future: { kept: [1, 2] } });
      await harness.plant(JSON.parse(text) as JsonObject & { readonly id: string }, ['a']);
      const store = await harness.open();
      const record = await store.findByKey('a');
      deepEqual({ ...record }, JSON.parse(text));
      equal(await store.save({ ...record!, labels: { saved: 'yes' } }, 1), 'saved');
      deepEqual(
        { ...(await store.load(sessionId(1))) },
        { ...JSON.parse(text), labels: { saved: 'yes' }, revision: 2 },
      );
    },
  },
];
