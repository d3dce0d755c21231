import { expect, test } from 'vitest';
import { intelligence, ringing, sdk, told } from './testing/call-clients.ts';
import { openScene } from './testing/scene.ts';
import { signedFetch } from './testing/signed-fetch.ts';

test('IncomingCall tells who calls whom, with the context that answers', async () => {
  await using scene = await openScene();
  const sipHeaders = { 'X-MS-Custom-order': '7' };
  const { made, event } = await ringing(scene, { customContext: { sipHeaders, voipHeaders: {} } });
  expect(event).toMatchObject({
    topic: scene.azure.topic,
    subject: '/caller/4:+15550100/recipient/4:+15550999',
    eventType: 'Microsoft.Communication.IncomingCall',
    data: {
      from: { kind: 'phoneNumber', rawId: '4:+15550100', phoneNumber: { value: '+15550100' } },
      to: { kind: 'phoneNumber', rawId: '4:+15550999' },
      serverCallId: made.serverCallId,
      correlationId: made.correlationId,
      callerDisplayName: 'Ada',
      customContext: { sipHeaders },
      incomingCallContext: made.incomingCallContext,
    },
  });
});

test('a resource account of Teams Phone is called as an identifier of unknown kind', async () => {
  await using scene = await openScene();
  const { event } = await ringing(scene, { to: '28:orgid:account', profile: 'teams-phone' });
  expect(event?.data['to']).toEqual({ kind: 'unknown', rawId: '28:orgid:account' });
});

test('AnswerCall by the SDK: connecting, then CallConnected and ParticipantsUpdated, then everything else', async () => {
  await using scene = await openScene();
  const { made, context } = await ringing(scene);
  const options = { operationContext: 'ans', ...intelligence };
  const { callConnectionProperties: properties, callConnection } = await sdk(scene).answerCall(
    context,
    scene.callbackUri,
    options,
  );
  const id = properties.callConnectionId ?? '';
  expect(properties).toMatchObject({
    serverCallId: made.serverCallId,
    correlationId: made.correlationId,
    callConnectionState: 'connecting',
    callbackUri: scene.callbackUri,
    source: { phoneNumber: '+15550100' },
  });
  const play = () =>
    callConnection.getCallMedia().playToAll([{ kind: 'textSource', text: 'Hello', voiceName: 'x' }], {
      operationContext: 'p',
    });
  await expect(play()).rejects.toMatchObject({ statusCode: 400, code: '8501' });
  await scene.clock.advance(500);
  expect(told(scene, id)).toEqual(['CallConnected', 'ParticipantsUpdated']);
  expect(scene.app.events('CallConnected').at(-1)?.data['operationContext']).toBe('ans');
  await play();
  await scene.clock.advance(1_000);
  expect(made.answered?.callConnectionId).toBe(id);
  made.conversation.end();
  await scene.clock.advance(60_000);
  expect(told(scene, id)).toEqual(['CallConnected', 'ParticipantsUpdated', 'PlayCompleted', 'CallDisconnected']);
});

test('an incomingCallContext answers once, while it rings, and only if it was given out', async () => {
  await using scene = await openScene();
  const { made, context } = await ringing(scene);
  const client = sdk(scene);
  await expect(client.answerCall('made up', scene.callbackUri)).rejects.toMatchObject({ code: '8523' });
  await client.answerCall(context, scene.callbackUri);
  await expect(client.answerCall(context, scene.callbackUri)).rejects.toMatchObject({ statusCode: 404, code: '8522' });
  made.giveUp();
  expect(made.conversation.over).toBe(false);
  const other = await ringing(scene);
  other.made.giveUp();
  await expect(client.answerCall(other.context, scene.callbackUri)).rejects.toMatchObject({ code: '8522' });
  const secret = JSON.stringify(scene.azure.requests());
  expect(secret).not.toContain(context);
  await using strict = await openScene({ behaviour: { unknownIncomingCall: '8522' } });
  await expect(sdk(strict).answerCall('x', strict.callbackUri)).rejects.toMatchObject({ statusCode: 404 });
});

test('a ringing call is not recorded by the serverCallId of its IncomingCall', async () => {
  await using scene = await openScene();
  const { made } = await ringing(scene);
  const callLocator = { kind: 'serverCallLocator', serverCallId: made.serverCallId };
  const answer = await signedFetch(scene.azure, { method: 'POST', path: '/calling/recordings', body: { callLocator } });
  expect(answer).toMatchObject({ status: 400, code: '8501' });
});
