import { createRecorder, OnRecordError, type SessionSnapshot, snapshotOf } from '@onrecord/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PostedEvent, storeWith, unheard } from './testing/collected.ts';
import {
  callbackEvent,
  callbackWith,
  chunk,
  deliveryWith,
  fileEvent,
  queued,
  recordingId,
} from './testing/post-events.ts';
import { openScene, type SceneOptions } from './testing/scene.ts';

/** Fixed, so that a run repeats; any other must pass as well. */
const seed = Number(process.env['ONRECORD_SEED'] ?? 20_261_121);

type Unheard = Awaited<ReturnType<typeof unheard>>;

/** The session once these messages came to a process that knew of the answers alone. */
async function told({ opened, record }: Unheard, messages: readonly (readonly PostedEvent[])[]) {
  const { scene } = opened;
  const store = await storeWith(record);
  const errors: unknown[] = [];
  const recorder = createRecorder(scene.another({ jwt: undefined }), {
    store,
    clock: scene.clock,
    worker: false,
    ingest: { publicUrl: scene.origin, onError: (error) => void errors.push(error) },
  });
  try {
    for (const [first, ...rest] of messages) {
      if (!first) continue;
      const body = JSON.stringify([first, ...rest].map(({ event }) => event));
      const headers = new Headers(
        Object.entries(first.headers).flatMap(([name, value]) => (value ? [[name, `${value}`]] : [])) as [
          string,
          string,
        ][],
      );
      headers.delete('content-length');
      const { status } = await recorder.ingest(new Request(first.url, { method: 'POST', headers, body }));
      expect([status, errors]).toEqual([200, []]);
    }
    const after = await store.load(record.id);
    return snapshotOf(after!);
  } finally {
    await recorder.close();
  }
}

/** What a program sees of it; the order in which things became known is no part of it. */
function truth(snapshot: SessionSnapshot) {
  const { history: _, artifacts, ...rest } = snapshot;
  return { ...rest, artifacts: [...artifacts].sort((left, right) => (left.id < right.id ? -1 : 1)) };
}

/** Any order, any repetition, and messages of any size: events with one URL may come in one message. */
function disturbed(events: readonly PostedEvent[]): fc.Arbitrary<readonly (readonly PostedEvent[])[]> {
  const indexes = events.map((_, index) => index);
  const some = fc.subarray(indexes, { minLength: 0 });
  return fc.tuple(some, fc.infiniteStream(fc.nat({ max: 1_000_000 }))).map(([twice, dice]) => {
    const roll = () => dice.next().value ?? 0;
    const order = [...indexes, ...twice].map((index) => ({ index, key: roll() })).sort((a, b) => a.key - b.key);
    const messages: PostedEvent[][] = [];
    for (const { index } of order) {
      const event = events[index]!;
      const last = messages.at(-1);
      if (last?.[0]?.url === event.url && roll() % 2 === 0) last.push(event);
      else messages.push([event]);
    }
    return messages;
  });
}

describe('events of a recording in any order, repeated and in batches of any size', () => {
  test.each<[string, SceneOptions]>([
    ['as the service sends them', {}],
    ['in several chunks', { resource: { behaviour: { maxChunkMs: 4_000 } } }],
    ['in an event for each chunk', { resource: { behaviour: { maxChunkMs: 4_000, fileEvents: 'per-file' } } }],
    [
      'as in 2022, with a subject without a recording',
      { resource: { behaviour: { eventShape: '2022', subject: 'call' } } },
    ],
  ])(
    'give one snapshot, %s',
    async (_name, options) => {
      const unheardOf = await unheard(options);
      await using _opened = unheardOf.opened;
      const { events, record } = unheardOf;
      expect(record.reports.filter(({ via }) => via === 'push')).toEqual([]);
      expect(record.snapshot.artifacts).toEqual([]);
      expect(events.length).toBeGreaterThanOrEqual(7);
      const inOrder = truth(
        await told(
          unheardOf,
          events.map((event) => [event]),
        ),
      );
      expect(inOrder).toMatchObject({ state: 'completed', verdict: 'present', endReason: 'requested', anomalies: [] });
      expect(inOrder.pauses).toHaveLength(1);
      await fc.assert(
        fc.asyncProperty(disturbed(events), async (messages) => {
          expect(truth(await told(unheardOf, messages))).toEqual(inOrder);
        }),
        { numRuns: 25, seed },
      );
    },
    60_000,
  );
});

/** JSON that looks like events of the service, with anything in the place of anything. */
const words = fc.constantFrom(
  'Microsoft.Communication.RecordingStateChanged',
  'Microsoft.Communication.StartRecordingFailed',
  'Microsoft.Communication.CallConnected',
  'Microsoft.Communication.CallDisconnected',
  'Microsoft.Communication.ParticipantsUpdated',
  'Microsoft.Communication.PlayFailed',
  'Microsoft.Communication.RecordingFileStatusUpdated',
  'Microsoft.EventGrid.SubscriptionValidationEvent',
  'active',
  'inactive',
  'onrecord/x',
  '+275760-09-13T00:00:00.000Z',
  'https://storage.asm.skype.com/v1',
  '__proto__',
);
const members = fc.constantFrom(
  ...['id', 'type', 'eventType', 'data', 'time', 'eventTime', 'subject', 'source', 'state', 'recordingId', 'index'],
  ...['callConnectionId', 'participants', 'identifier', 'rawId', 'sequenceNumber', 'resultInformation', 'subCode'],
  ...['recordingStorageInfo', 'recordingChunks', 'contentLocation', 'metadataLocation', 'deleteLocation'],
  ...[
    'documentId',
    'endReason',
    'sessionEndReason',
    'recordingDurationMs',
    'operationContext',
    '__proto__',
    'toString',
  ],
);
const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    words,
    fc.jsonValue(),
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.dictionary(members, tie('anything'), { maxKeys: 8 }),
  ),
}));
const good = fc.constantFrom<object>(
  callbackEvent('ParticipantsUpdated', { callConnectionId: 'l', participants: [{ identifier: { rawId: '4:+1' } }] }),
  callbackEvent('RecordingStateChanged', { recordingId, state: 'active' }),
  callbackEvent('StartRecordingFailed', { recordingId, resultInformation: { code: 400, subCode: 8523 } }),
  fileEvent([chunk('0-a'), chunk('0-b')]),
);
/** A well-formed event with one of its members, at any depth, replaced. */
const bent = fc.tuple(good, fc.nat(), anything).map(([event, at, value]) => {
  const whole = JSON.parse(JSON.stringify(event));
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, child] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, name]);
      walk(child);
    }
  };
  walk(whole);
  const [node, name] = places[at % places.length]!;
  node[name] = value;
  return whole;
});

test('the parser throws nothing but typed errors, whatever JSON it is given, by whichever way', async () => {
  await using scene = await openScene({
    driver: {
      jwt: undefined,
      eventGrid: { secret: 'a secret that Event Grid sends', queue: true },
      recordingStorage: { containerUrl: 'https://contoso.blob.core.windows.net/recordings' },
    },
  });
  const elements = fc.oneof(fc.array(fc.oneof(bent, anything), { maxLength: 5 }), bent, anything);
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(elements, async (body) => {
      const validation = { ...deliveryWith(scene, body), headers: { 'aeg-event-type': 'SubscriptionValidation' } };
      const base64 = queued(Buffer.from(JSON.stringify(body) ?? '').toString('base64'));
      const requests = [callbackWith(scene, body), deliveryWith(scene, body), validation, queued(body), base64];
      for (const request of requests) {
        try {
          const { reports } = await scene.driver.parse(request, scene.context);
          // What the recorder stores is JSON with times that are times.
          for (const report of reports) expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        } catch (error) {
          if (!OnRecordError.is(error)) throw error;
          codes.add(error.code);
        }
      }
    }),
    { numRuns: 400, seed },
  );
  expect([...codes]).toEqual(['invalid-request']);
}, 60_000);

test('the parser throws nothing but typed errors, whatever bytes, headers and query it is given', async () => {
  await using scene = await openScene({
    driver: { eventGrid: { secret: 'a secret that Event Grid sends', queue: true } },
  });
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const headers = fc.dictionary(
    fc.constantFrom('authorization', 'aeg-event-type', 'webhook-request-origin', 'content-type', '__proto__'),
    fc.oneof(text, fc.array(text, { maxLength: 2 })),
  );
  const query = fc.webQueryParameters();
  const request = fc.record({
    transport: fc.constantFrom('http' as const, 'queue' as const, 'lambda' as const),
    method: fc.constantFrom('POST', 'OPTIONS', 'GET', '', undefined),
    url: fc.oneof(
      query.map((search) => `${scene.origin}/callbacks?${search}`),
      text,
      fc.constant(scene.gridUrl),
    ),
    headers,
    body: fc.uint8Array({ maxLength: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(request, async (message) => {
      try {
        await scene.driver.parse(message, scene.context);
      } catch (error) {
        if (!OnRecordError.is(error)) throw error;
        expect(['invalid-request', 'signature-invalid']).toContain(error.code);
      }
    }),
    { numRuns: 500, seed },
  );
}, 60_000);
