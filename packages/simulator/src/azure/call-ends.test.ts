import { expect, test } from 'vitest';
import { CALL_FAILURES } from './index.ts';
import { ringing, sdk, told } from './testing/call-clients.ts';
import { openScene } from './testing/scene.ts';
import { repeatable, signedFetch } from './testing/signed-fetch.ts';

const failure = CALL_FAILURES.noClient;

test('AnswerFailed, CreateCallFailed and ConnectFailed end an attempt: nothing follows, nothing can be done', async () => {
  await using scene = await openScene();
  const { context } = await ringing(scene);
  const client = sdk(scene);
  const { azure, callbackUri } = scene;
  const options = { operationContext: 'mine' };
  for (const [name, begin] of [
    ['AnswerFailed', () => client.answerCall(context, callbackUri, options)],
    [
      'CreateCallFailed',
      () => client.createCall({ targetParticipant: { communicationUserId: '8:acs:x' } }, callbackUri, options),
    ],
    [
      'ConnectFailed',
      () => client.connectCall({ kind: 'serverCallLocator', id: scene.call.serverCallId }, callbackUri, options),
    ],
  ] as const) {
    azure.failNextCall(failure);
    const { callConnectionProperties, callConnection } = await begin();
    const id = callConnectionProperties.callConnectionId ?? '';
    await scene.clock.advance(60_000);
    expect(told(scene, id)).toEqual([name]);
    expect(scene.app.events(name)[0]?.data).toMatchObject({ operationContext: 'mine', resultInformation: failure });
    await expect(callConnection.getCallConnectionProperties()).rejects.toMatchObject({ statusCode: 404 });
  }
});

test('AnswerCall, CreateCall and Connect are carried out once for one Repeatability-Request-ID', async () => {
  await using scene = await openScene();
  const { context } = await ringing(scene);
  const { callbackUri } = scene;
  const locator = { kind: 'serverCallLocator', serverCallId: scene.call.serverCallId };
  for (const [path, body] of [
    [':answer', { incomingCallContext: context, callbackUri }],
    ['', { targets: [{ rawId: '8:acs:x' }], callbackUri }],
    [':connect', { callLocator: locator, callbackUri }],
  ] as const) {
    const headers = repeatable();
    const before = scene.azure.calls().length;
    const send = () =>
      signedFetch(scene.azure, { method: 'POST', path: `/calling/callConnections${path}`, body, headers });
    const first = await send();
    expect([200, 201]).toContain(first.status);
    expect((await send()).body).toEqual(first.body);
    expect(scene.azure.calls()).toHaveLength(before + 1);
  }
});

test('the SDK gets the call that its lost answer was about', async () => {
  await using scene = await openScene();
  const { context, made } = await ringing(scene);
  scene.azure.faults.next({ match: 'AnswerCall', fault: 'drop-before-answer' });
  const client = sdk(scene, { retryOptions: { retryDelayInMs: 1 } });
  const { callConnectionProperties } = await client.answerCall(context, scene.callbackUri);
  expect(callConnectionProperties.callConnectionId).toBe(made.answered?.callConnectionId);
  expect(scene.azure.calls()).toHaveLength(2);
});

test('AddParticipantSucceeded, AddParticipantFailed, CallTransferAccepted and any other callback; nothing after the end', async () => {
  await using scene = await openScene();
  const { call, clock } = scene;
  call.addParticipant({ name: 'third', address: '8:orgid:third' }, 'add');
  call.tell('AddParticipantFailed', { operationContext: 'add', resultInformation: failure });
  call.tell('ContinuousDtmfRecognitionToneReceived', { sequenceId: 1, tone: 'five' });
  call.transfer('+15550777', 'hand over');
  call.tell('CallTransferFailed');
  call.join({ name: 'fourth' });
  await clock.advance(60_000);
  expect(told(scene, call.callConnectionId).slice(2)).toEqual([
    'AddParticipantSucceeded',
    'ParticipantsUpdated',
    'AddParticipantFailed',
    'ContinuousDtmfRecognitionToneReceived',
    'CallTransferAccepted',
    'CallDisconnected',
  ]);
  expect(scene.app.events('CallTransferAccepted')[0]?.data).toMatchObject({
    operationContext: 'hand over',
    transferTarget: { kind: 'phoneNumber', rawId: '4:+15550777' },
    transferee: { rawId: '4:+15550100' },
  });
  expect(call.over).toBe(false);
});

test('GetParticipants omits bots that record', async () => {
  await using scene = await openScene();
  scene.call.join({ name: 'recorder', address: '28:bot-of-a-recorder' });
  scene.call.join({ name: 'account', address: '28:orgid:account' });
  const path = `/calling/callConnections/${scene.call.callConnectionId}/participants`;
  const { body } = await signedFetch(scene.azure, { path });
  const rawIds = (body['value'] as { identifier: { rawId: string } }[]).map(({ identifier }) => identifier.rawId);
  expect(rawIds).toEqual(['4:+15550100', '4:+15550199', '28:orgid:account']);
});
