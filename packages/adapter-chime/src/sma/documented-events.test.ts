import { defineFlow, memorySessionStore } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { recordedRequest, referenceFiles, withoutReference } from '../testing/reference.ts';
import { failureOf, readEvent } from './event/read-event.ts';
import type { SmaEvent } from './event/sma-event.ts';
import { writeUpdate } from './flow/update-request.ts';
import { createSmaHandler } from './handler.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe.skipIf(withoutReference)('documented events', () => {
  test.each(referenceFiles('events/sma'))('%s is answered', async (_, event) => {
    const flow = defineFlow({}, {});
    const handler = createSmaHandler({
      store: memorySessionStore(),
      flow,
      landing: { bucket: 'recordings' },
      logger: silent,
    });
    const answer = await handler(event as SmaEvent);
    expect(answer.SchemaVersion).toBe('1.0');
    expect(answer.Actions).toBeUndefined();
    expect(Object.keys(answer.TransactionAttributes ?? {})).toEqual(['onrecord']);
  });

  test('of failures are read in both shapes', () => {
    const failures = referenceFiles('events/sma').filter(([name]) => name.startsWith('action-failed'));
    const types = failures.map(([, event]) => failureOf(readEvent(event)).type);
    expect(types).not.toContain('Unknown');
    expect(new Set(types)).toContain('NoAccessToDestination');
  });

  test('an update has the form that the SDK was seen to send', () => {
    const recorded = recordedRequest('UpdateSipMediaApplicationCall');
    const sent = { Arguments: writeUpdate({ onrecord: 'c', op: 'pause', session: 's', call: 'l' }) };
    expect(Object.keys(recorded?.body as object)).toEqual(Object.keys(sent));
    expect(Object.values(sent.Arguments).every((value) => typeof value === 'string')).toBe(true);
  });
});

test.each([[undefined], [null], [{}], [{ Sequence: 1, InvocationEventType: 'HANGUP' }], ['text']])(
  '%j is no event',
  async (event) => {
    const flow = defineFlow({}, {});
    const handler = createSmaHandler({
      store: memorySessionStore(),
      flow,
      landing: { bucket: 'recordings' },
      logger: silent,
    });
    await expect(handler(event as never)).rejects.toMatchObject({ code: 'invalid-request' });
  },
);
