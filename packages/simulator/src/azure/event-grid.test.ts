import { get } from 'node:https';
import { expect, test } from 'vitest';
import type { AzureBehaviour } from './behaviour.ts';
import { EventGridHandshakeError } from './index.ts';
import { startRecording } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { type Post, polite } from './testing/webhook-app.ts';

const FILE = 'RecordingFileStatusUpdated';
const hook = (scene: Scene) => `${scene.app.url}/grid?secret=s`;
const notifications = (scene: Scene) =>
  scene.app.posts.filter(({ path, method }) => path.startsWith('/grid') && method === 'POST');

/** Records two seconds and ends the call; the file event is due 60 s later. */
async function record(scene: Scene): Promise<string> {
  const id = await startRecording(scene);
  await scene.clock.advance(4_000);
  scene.call.end();
  return id;
}

test('the handshake of the Event Grid schema proves the webhook, then the file event comes in its shape', async () => {
  await using scene = await openScene();
  const subscription = await scene.azure.subscribe({ url: hook(scene) });
  const [handshake] = notifications(scene);
  expect(handshake?.headers).toMatchObject({
    'aeg-event-type': 'SubscriptionValidation',
    'aeg-subscription-name': 'RECORDINGS',
    'content-type': 'application/json; charset=utf-8',
  });
  expect(handshake?.body).toMatchObject([
    {
      topic: scene.azure.topic,
      eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
      data: { validationUrl: expect.stringMatching(/^https:\/\/rp-eastus2\.eventgrid\.azure\.net:\d+\//) },
    },
  ]);
  const recordingId = await record(scene);
  await scene.clock.advance(59_999);
  expect(notifications(scene)).toHaveLength(1);
  await scene.clock.advance(1);
  const post = notifications(scene)[1];
  expect(post?.headers).toMatchObject({
    'aeg-event-type': 'Notification',
    'aeg-delivery-count': '0',
    'aeg-data-version': '1.0',
  });
  const { serverCallId, correlationId } = scene.call;
  const document = expect.stringMatching(/^0-eus-d12-[0-9a-f]{32}$/);
  expect(post?.body).toEqual([
    {
      id: expect.any(String),
      topic: scene.azure.topic,
      subject: `/recording/call/${correlationId}/serverCallId/${serverCallId}/recordingId/${recordingId}`,
      data: {
        recordingStorageInfo: {
          recordingChunks: [
            {
              documentId: document,
              index: 0,
              endReason: 'SessionEnded',
              contentLocation: expect.stringMatching(
                /^https:\/\/storage\.asm\.skype\.com:\d+\/v1\/objects\/0-eus.*\/content\//,
              ),
              metadataLocation: expect.stringMatching(/\/content\/acsmetadata$/),
              deleteLocation: expect.stringMatching(/\/v1\/objects\/0-eus-d12-[0-9a-f]{32}$/),
            },
          ],
        },
        recordingStartTime: '2026-01-05T09:00:03.0000000Z',
        recordingDurationMs: 2_000,
        recordingContentType: 'Audio',
        recordingChannelType: 'Mixed',
        recordingFormatType: 'Wav',
        recordingId,
        storageType: 'ACS',
        sessionEndReason: 'CallEnded',
      },
      eventType: 'Microsoft.Communication.RecordingFileStatusUpdated',
      dataVersion: '1.0',
      metadataVersion: '1',
      eventTime: '2026-01-05T09:01:05.0000000Z',
    },
  ]);
  expect(subscription.deliveries()).toMatchObject([{ attempt: 1, status: 200, outcome: 'delivered' }]);
});

test('the handshake of CloudEvents is an OPTIONS, and events are single objects', async () => {
  await using scene = await openScene();
  await scene.azure.subscribe({ url: hook(scene), schema: 'CloudEventSchemaV1_0' });
  const handshake = scene.app.posts.find(({ method }) => method === 'OPTIONS');
  expect(handshake?.headers).toMatchObject({ 'webhook-request-origin': 'eventgrid.azure.net' });
  await record(scene);
  await scene.clock.advance(60_000);
  const [post] = notifications(scene);
  expect(post?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
  expect(post?.body).toMatchObject({
    specversion: '1.0',
    type: `Microsoft.Communication.${FILE}`,
    source: scene.azure.topic,
    time: '2026-01-05T09:01:05.0000000Z',
  });
});

test.each([
  ['is answered 202', () => ({ status: 202, body: '{}' }), /answered 202; only 200/],
  ['is answered 404', () => ({ status: 404 }), /answered 404/],
])('a webhook whose handshake %s is refused', async (_, answer, message) => {
  await using scene = await openScene();
  scene.app.answers = [answer];
  await expect(scene.azure.subscribe({ url: hook(scene) })).rejects.toThrow(message);
});

test('a webhook that cannot be reached is refused, and its secret is not in the message', async () => {
  await using scene = await openScene();
  const url = 'http://127.0.0.1:9/grid?secret=s';
  const refusal = await scene.azure.subscribe({ url }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(EventGridHandshakeError);
  expect(String(refusal)).not.toContain('secret');
});

test.each([
  ['EventGridSchema', (post: Post) => (post.body as [{ data: { validationUrl: string } }])[0].data.validationUrl],
  ['CloudEventSchemaV1_0', (post: Post) => String(post.headers['webhook-request-callback'])],
] as const)('a webhook of %s can be confirmed by calling the validation URL', async (schema, urlOf) => {
  await using scene = await openScene();
  scene.app.answers = [() => ({ status: 200 })];
  const subscribing = scene.azure.subscribe({ url: hook(scene), schema });
  await scene.clock.advance(300_000);
  const validationUrl = urlOf(scene.app.posts.at(-1)!);
  const call = (url: string) =>
    new Promise((resolve, reject) => {
      get(url, { agent: scene.azure.agent() }, (response) => resolve(response.resume().statusCode)).once(
        'error',
        reject,
      );
    });
  expect(await call(validationUrl.replace(/id=[^&]*/, 'id=other'))).toBe(404);
  expect(await call(validationUrl)).toBe(200);
  expect((await subscribing).url).toBe(hook(scene));
});

test('a webhook that is not confirmed within ten minutes is refused', async () => {
  await using scene = await openScene();
  scene.app.answers = [() => ({ status: 200, body: 'not JSON' })];
  const refusal = scene.azure.subscribe({ url: hook(scene) }).catch(String);
  await scene.clock.advance(600_000);
  expect(await refusal).toMatch(/not confirmed within 10 minutes/);
});

/** Seconds between the attempts, and how it ended, for a webhook that answers `status` from the second post on. */
async function attempts(status: number, more: { maxDeliveryAttempts?: number; eventTimeToLiveMinutes?: number } = {}) {
  await using scene = await openScene();
  const subscription = await scene.azure.subscribe({ url: hook(scene), ...more });
  await record(scene);
  await scene.clock.idle();
  scene.app.answers = [() => ({ status })];
  await scene.clock.advance(60_000 + 2 * 86_400_000);
  const deliveries = subscription.deliveries();
  const waits = deliveries.slice(1).map(({ at }, index) => (at - (deliveries[index]?.at ?? 0)) / 1_000);
  const counts = notifications(scene)
    .slice(1)
    .map(({ headers }) => Number(headers['aeg-delivery-count']));
  return { waits, counts, outcome: deliveries.at(-1)?.outcome };
}

test('an event is tried again by the schedule until it is a day old', async () => {
  const { waits, counts, outcome } = await attempts(500);
  expect(waits.slice(0, 9)).toEqual([10, 30, 60, 300, 600, 1_800, 3_600, 3_600, 3_600]);
  expect(counts).toEqual(counts.map((_, index) => index));
  expect([outcome, waits.reduce((sum, wait) => sum + wait, 0) <= 86_400]).toEqual(['dropped', true]);
});

test.each([
  [404, [300, 300, 300]],
  [408, [120, 120, 120]],
  [503, [30, 30, 60]],
])('an answer of %i makes it wait longer', async (status, expected) => {
  const { waits, outcome } = await attempts(status, { maxDeliveryAttempts: 4 });
  expect([waits, outcome]).toEqual([expected, 'dropped']);
});

test('a short time to live ends the attempts', async () => {
  const { waits } = await attempts(500, { eventTimeToLiveMinutes: 1 });
  expect(waits).toEqual([10, 30]);
});

test('only 200 to 204 count as delivered, and a later success ends the attempts', async () => {
  await using scene = await openScene();
  const subscription = await scene.azure.subscribe({ url: hook(scene) });
  await record(scene);
  await scene.clock.idle();
  scene.app.answers = [() => ({ status: 206 }), () => ({ status: 302 }), () => ({ status: 204 })];
  await scene.clock.advance(3_600_000);
  expect(subscription.deliveries().map(({ status, outcome }) => [status, outcome])).toEqual([
    [206, 'retried'],
    [302, 'retried'],
    [204, 'delivered'],
  ]);
});

test('an event can be lost, come twice, or come late', async () => {
  for (const [fault, seen, outcomes] of [
    ['lost', [0, 0], ['lost']],
    ['duplicated', [2, 2], ['delivered', 'delivered']],
    [{ delayMs: 3_600_000 }, [0, 1], ['delivered']],
  ] as const) {
    await using scene = await openScene();
    const subscription = await scene.azure.subscribe({ url: hook(scene) });
    scene.azure.eventFaults.next({ match: FILE, fault });
    await record(scene);
    await scene.clock.advance(60_000);
    const soon = scene.app.events(FILE).length;
    await scene.clock.advance(3_600_000);
    expect([soon, scene.app.events(FILE).length]).toEqual(seen);
    expect(subscription.deliveries().map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(new Set(scene.app.events(FILE).map((event) => event['id'])).size).toBeLessThanOrEqual(1);
  }
});

test.each<[AzureBehaviour['subject'], RegExp]>([
  ['recording', /^\/recording\/call\/[^/]+\/recordingId\/[^/]+$/],
  ['server-call', /^\/recording\/call\/[^/]+\/serverCallId\/.+$/],
  ['call', /^\/recording\/call\/[^/]+$/],
])('the subject may be of the form %s', async (subject, form) => {
  await using scene = await openScene({ behaviour: { subject } });
  await scene.azure.subscribe({ url: hook(scene) });
  await record(scene);
  await scene.clock.advance(60_000);
  expect(String(scene.app.events(FILE)[0]?.['subject'])).toMatch(form);
});

test('a subscription gets only the types it asked for, each subscription its own copy', async () => {
  await using scene = await openScene();
  const none = await scene.azure.subscribe({ url: hook(scene), includedEventTypes: ['Microsoft.Communication.Other'] });
  const full = `Microsoft.Communication.${FILE}`;
  const one = await scene.azure.subscribe({ url: hook(scene), includedEventTypes: [full], name: 'files' });
  const two = await scene.azure.subscribe({ url: hook(scene), schema: 'CloudEventSchemaV1_0' });
  await record(scene);
  await scene.clock.advance(60_000);
  expect([none, one, two].map((subscription) => subscription.deliveries().length)).toEqual([0, 1, 1]);
});

test('an application that answers politely is proven by either handshake', () => {
  const headers = { 'aeg-event-type': 'SubscriptionValidation' };
  const body = [{ data: { validationCode: 'C' } }];
  expect(polite({ method: 'POST', path: '/', headers, body }).body).toBe('{"validationResponse":"C"}');
});
