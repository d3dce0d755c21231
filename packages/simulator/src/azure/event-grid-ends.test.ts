import { expect, test } from 'vitest';
import { VirtualCall } from '../call/virtual-call.ts';
import type { SubscriptionRequest } from './index.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { polite } from './testing/webhook-app.ts';

const DAY = 24 * 3_600_000;

/** A subscription whose webhook answers `status` to every event, and one event for it. */
async function refusing(scene: Scene, status: number, more: Partial<SubscriptionRequest> = {}) {
  const subscription = await scene.azure.subscribe({ url: `${scene.app.url}/grid`, ...more });
  scene.app.answers = [() => ({ status })];
  scene.azure.ring({ call: new VirtualCall(scene.clock), from: 'ada', to: 'us' });
  return subscription;
}

test.each([400, 413])(
  'an answer of %i makes a dead letter at once where that is on, and is tried again where not',
  async (status) => {
    await using scene = await openScene();
    const on = await refusing(scene, status, { deadLetter: true });
    await scene.clock.advance(299_000);
    expect([on.deliveries().map(({ outcome }) => outcome), on.deadLetters()]).toEqual([['dead-lettered'], []]);
    await scene.clock.advance(1_000);
    expect(on.deadLetters()).toMatchObject([
      {
        eventType: 'Microsoft.Communication.IncomingCall',
        deadLetterReason: 'UndeliverableDueToClientError',
        deliveryAttempts: 1,
        lastDeliveryOutcome: status === 400 ? 'BadRequest' : 'PayloadTooLarge',
        publishTime: '2026-01-05T09:00:01.0000000Z',
      },
    ]);
    await using other = await openScene();
    const off = await refusing(other, status);
    await other.clock.advance(301_000);
    expect(off.deliveries().map(({ outcome }) => outcome)).toContain('retried');
    await other.clock.advance(2 * DAY);
    expect([off.deliveries().at(-1)?.outcome, off.deadLetters()]).toEqual(['dropped', []]);
  },
);

test.each([
  ['MaxDeliveryAttemptsExceeded', { maxDeliveryAttempts: 2 }, 2],
  ['TimeToLiveExceeded', { eventTimeToLiveMinutes: 10 }, 3],
] as const)('a dead letter says %s', async (reason, more, attempts) => {
  await using scene = await openScene();
  const schema = 'CloudEventSchemaV1_0';
  const subscription = await refusing(scene, 404, { ...more, deadLetter: true, schema });
  await scene.clock.advance(DAY);
  expect(subscription.deadLetters()).toMatchObject([
    {
      specversion: '1.0',
      deadletterreason: reason,
      deliveryattempts: attempts,
      lastdeliveryoutcome: 'NotFound',
    },
  ]);
});

test.each(['EventGridSchema', 'CloudEventSchemaV1_0'] as const)(
  'a deleted subscription of %s tells its webhook, once, and stops',
  async (schema) => {
    await using scene = await openScene();
    const subscription = await refusing(scene, 500, { schema });
    await scene.clock.advance(5_000);
    scene.app.answers = [polite];
    const before = scene.app.posts.length;
    await subscription.delete();
    await subscription.delete();
    scene.azure.ring({ call: new VirtualCall(scene.clock), from: 'ada', to: 'us' });
    await scene.clock.advance(DAY);
    const after = scene.app.posts.slice(before);
    expect(after.map(({ headers }) => headers['aeg-event-type'])).toEqual(['SubscriptionDeletion']);
    const [event] = scene.app.events('SubscriptionDeletedEvent');
    expect(event?.data).toEqual({
      eventSubscriptionId: `${scene.azure.topic}/providers/Microsoft.EventGrid/eventSubscriptions/recordings`,
    });
    expect(subscription.deliveries().map(({ outcome }) => outcome)).toEqual(['retried']);
  },
);

test('IncomingCall can be lost, come twice, late and out of order as every other event', async () => {
  await using scene = await openScene();
  await scene.azure.subscribe({
    url: `${scene.app.url}/grid`,
    includedEventTypes: ['Microsoft.Communication.IncomingCall'],
  });
  const { eventFaults } = scene.azure;
  const ring = (from: string) => scene.azure.ring({ call: new VirtualCall(scene.clock), from, to: 'us' });
  eventFaults.next({ match: 'IncomingCall', fault: 'lost' });
  eventFaults.next({ match: 'IncomingCall', fault: 'duplicated' });
  eventFaults.next({ match: 'IncomingCall', fault: 'reversed' });
  for (const from of ['one', 'two', 'three', 'four']) {
    ring(from);
    await scene.clock.advance(100);
  }
  const callers = scene.app.events('IncomingCall').map(({ subject }) => String(subject).split('_')[1]?.split('/')[0]);
  expect(callers).toEqual(['two', 'two', 'four', 'three']);
});

test.each([
  ['EventGridSchema', 'application/json; charset=utf-8'],
  ['CloudEventSchemaV1_0', 'application/cloudevents-batch+json; charset=utf-8'],
] as const)('events of one moment go together where batches are allowed, %s', async (schema, contentType) => {
  await using scene = await openScene();
  const { clock, app, azure } = scene;
  const subscription = await azure.subscribe({ url: `${app.url}/grid`, schema, maxEventsPerBatch: 2 });
  const before = app.posts.length;
  for (const from of ['one', 'two', 'three']) azure.ring({ call: new VirtualCall(clock), from, to: 'us' });
  await clock.idle();
  const posts = app.posts.slice(before);
  expect(posts.map(({ body }) => (body as unknown[]).length)).toEqual([2, 1]);
  expect(posts.map(({ headers }) => headers['content-type'])).toEqual([contentType, contentType]);
  expect(subscription.deliveries().map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered', 'delivered']);
  expect(new Set(subscription.deliveries().map(({ eventId }) => eventId)).size).toBe(3);
});

test('a batch is tried again as a whole, and given up event by event', async () => {
  await using scene = await openScene();
  const subscription = await scene.azure.subscribe({
    url: `${scene.app.url}/grid`,
    maxEventsPerBatch: 10,
    maxDeliveryAttempts: 2,
    deadLetter: true,
  });
  scene.app.answers = [() => ({ status: 503 })];
  for (const from of ['one', 'two']) scene.azure.ring({ call: new VirtualCall(scene.clock), from, to: 'us' });
  await scene.clock.advance(600_000);
  expect(subscription.deliveries().map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [1, 'retried'],
    [1, 'retried'],
    [2, 'dead-lettered'],
    [2, 'dead-lettered'],
  ]);
  expect(subscription.deadLetters()).toHaveLength(2);
});
