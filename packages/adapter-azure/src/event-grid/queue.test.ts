import { describe, expect, test } from 'vitest';
import { callbackEvent, chunk, deliveryWith, fileEvent, queued, recordingId } from '../testing/post-events.ts';
import { gridSecret, openScene, rejection, type Scene, type SceneOptions } from '../testing/scene.ts';

const fromQueue: SceneOptions = { driver: { eventGrid: { queue: true } } };
const event = fileEvent([chunk('0-a')]);

function cloudEvent() {
  const { id, topic, subject, data, eventType, eventTime } = event;
  return { specversion: '1.0', id, source: topic, subject, data, type: eventType, time: eventTime };
}

const parse = (scene: Scene, body: unknown) => scene.driver.parse(queued(body), scene.context);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('Event Grid by way of a queue (`eventGrid.queue`)', () => {
  test.each<[string, unknown]>([
    ['Service Bus, in its own schema', event],
    ['Service Bus, as a CloudEvent', cloudEvent()],
    ['Event Hubs, several at once', [event]],
    ['a Storage Queue, in base64', encoded(event)],
    ['a Storage Queue, in base64, with a line break', `${encoded([cloudEvent()])}\n`],
    [
      'a dead-letter blob',
      [
        {
          ...event,
          deadLetterReason: 'MaxDeliveryAttemptsExceeded',
          deliveryAttempts: 30,
          lastDeliveryOutcome: 'Unauthorized',
          publishTime: '2026-01-05T09:00:00.2Z',
          lastDeliveryAttemptTime: '2026-01-05T21:00:00.2Z',
        },
      ],
    ],
    ['a dead-letter blob of CloudEvents', [{ ...cloudEvent(), deadletterreason: 'TimeToLiveExceeded' }]],
  ])('is the same from %s as from a webhook', async (_name, body) => {
    await using scene = await openScene({ driver: { eventGrid: { queue: true, secret: gridSecret } } });
    const webhook = await scene.driver.parse(deliveryWith(scene, event), scene.context);
    expect(await parse(scene, body)).toEqual(webhook);
    expect(webhook.reports).toMatchObject([{ subject: { providerKey: `recording/${recordingId}` } }]);
  });

  test.each([undefined, { secret: gridSecret }, { secret: gridSecret, queue: false }])(
    'is refused unless it is switched on: %j',
    async (eventGrid) => {
      await using scene = await openScene({ driver: { eventGrid } });
      expect(await rejection(parse(scene, event))).toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining('eventGrid.queue'),
      });
    },
  );

  test('does not open the webhook, which needs its secret', async () => {
    await using scene = await openScene(fromQueue);
    const error = await rejection(scene.driver.parse(deliveryWith(scene, event), scene.context));
    expect(error).toMatchObject({ code: 'signature-invalid' });
  });

  test('brings files alone: callbacks and calls cannot be forged through it', async () => {
    await using scene = await openScene(fromQueue);
    const events = [
      callbackEvent('RecordingStateChanged', { recordingId, state: 'inactive' }),
      callbackEvent('StartRecordingFailed', { recordingId }),
      callbackEvent('CallDisconnected', { callConnectionId: 'leg' }),
      { eventType: 'Microsoft.Communication.IncomingCall', data: { incomingCallContext: 'hush' } },
      { eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: { validationCode: '1' } },
    ];
    expect(await parse(scene, events)).toEqual({ reports: [], calls: [], unhandled: 5 });
  });

  test.each([
    ['text', 'hello'],
    ['base64 of text', Buffer.from('hello').toString('base64')],
    ['base64 that is cut', encoded(event).slice(0, -3)],
    ['base64 of bytes', Buffer.from([0xff, 0xfe, 0xfd]).toString('base64')],
    ['base64 in base64', Buffer.from(encoded(event)).toString('base64')],
    ['nothing', ''],
  ])('is malformed as %s', async (_name, body) => {
    await using scene = await openScene(fromQueue);
    expect(await rejection(parse(scene, body))).toMatchObject({ code: 'invalid-request' });
  });

  test.each([6_291_452, 6_291_453])('is malformed as %d letters of base64, the most that is taken', async (length) => {
    await using scene = await openScene(fromQueue);
    expect(await rejection(parse(scene, 'A'.repeat(length)))).toMatchObject({ code: 'invalid-request' });
  });

  test.each(['socket', 'lambda'] as const)('is not what comes over a %s', async (transport) => {
    await using scene = await openScene(fromQueue);
    const error = await rejection(scene.driver.parse({ ...queued(event), transport }, scene.context));
    expect(error).toMatchObject({ code: 'invalid-request' });
  });

  test('is enough to learn of files: nothing is warned of, and no public address is needed', async () => {
    await using scene = await openScene();
    const options = { eventGrid: { queue: true }, callbackUrl: undefined, callbackSecret: undefined, jwt: undefined };
    expect(scene.another(options).warnings({})).toEqual([]);
  });

  test('takes true or false', async () => {
    await using scene = await openScene();
    expect(() => scene.another({ eventGrid: { queue: 'yes' as never } })).toThrow(
      /eventGrid\.queue: Must be true or false/,
    );
    expect(() => scene.another({ eventGrid: { queue: false } })).toThrow(/eventGrid\.secret: Missing/);
  });
});
