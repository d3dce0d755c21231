import type { InboundRequest } from '@onrecord/core';
import { EventGridHandshakeError } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { deliveryWith } from '../testing/post-events.ts';
import { openScene, rejection } from '../testing/scene.ts';

describe('handshakes', () => {
  test('without the secret a subscription never comes about', async () => {
    await using scene = await openScene();
    for (const schema of ['EventGridSchema', 'CloudEventSchemaV1_0'] as const) {
      const subscribing = scene.azure.subscribe({ url: `${scene.origin}/grid?secret=guessed`, schema });
      const failed = scene.clock.until(rejection(subscribing), 3_600_000, 60_000);
      expect(await failed).toBeInstanceOf(EventGridHandshakeError);
    }
    expect(scene.heard.filter((one) => 'error' in one)).toMatchObject([
      { error: { code: 'signature-invalid' } },
      { error: { code: 'signature-invalid' } },
    ]);
  });

  test('SubscriptionValidationEvent is answered 200 with its code, whatever stands beside it, and its URL is not followed', async () => {
    await using scene = await openScene();
    const before = scene.azure.requests().length;
    const data = { validationCode: 'code-7', validationUrl: `${scene.origin}/validate` };
    const validation = { id: '1', eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data };
    for (const events of [validation, [validation], ['x', { eventType: 'Other' }, validation]]) {
      const headers = { 'aeg-event-type': 'SubscriptionValidation' };
      const parsed = await scene.driver.parse({ ...deliveryWith(scene, events), headers }, scene.context);
      expect(parsed).toEqual({
        reports: [],
        calls: [],
        unhandled: 0,
        response: {
          status: 200,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: '{"validationResponse":"code-7"}',
        },
      });
    }
    expect(scene.azure.requests().length).toBe(before);
  });

  test('SubscriptionValidationEvent without the header of a handshake is an event like any other', async () => {
    await using scene = await openScene();
    const event = { eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: { validationCode: '7' } };
    const { response, unhandled } = await scene.driver.parse(deliveryWith(scene, [event]), scene.context);
    expect({ response, unhandled }).toEqual({ response: undefined, unhandled: 1 });
  });

  test('of Event Grid without a code is malformed', async () => {
    await using scene = await openScene();
    const request: InboundRequest = {
      transport: 'http',
      method: 'POST',
      url: scene.gridUrl,
      headers: { 'aeg-event-type': 'SubscriptionValidation' },
      body: new TextEncoder().encode('[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{}}]'),
    };
    expect(await rejection(scene.driver.parse(request, scene.context))).toMatchObject({ code: 'invalid-request' });
  });

  test('of CloudEvents echoes no more than an origin', async () => {
    await using scene = await openScene();
    const ask = (origin: string | undefined, url: string = scene.gridUrl) =>
      scene.driver.parse(
        {
          transport: 'http',
          method: 'OPTIONS',
          url,
          headers: { 'webhook-request-origin': origin },
          body: new Uint8Array(),
        },
        scene.context,
      );
    expect((await ask('eventgrid.azure.net')).response).toMatchObject({
      status: 200,
      headers: { 'webhook-allowed-origin': 'eventgrid.azure.net', allow: 'POST' },
    });
    for (const origin of [undefined, '', 'a\r\nset-cookie: b', 'a b', '<x>', 'a'.repeat(300)]) {
      expect(await rejection(ask(origin))).toMatchObject({ code: 'invalid-request' });
    }
    const guessed = await rejection(ask('eventgrid.azure.net', `${scene.origin}/grid?secret=guessed`));
    expect(guessed).toMatchObject({ code: 'signature-invalid' });
  });
});
