import { CallAutomationClient, type CallAutomationClientOptions } from '@azure/communication-call-automation';
import { toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { tone, VirtualCall } from '../call/virtual-call.ts';
import type { AzureRinging } from './index.ts';
import { fetchFiles, fileEvent } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { repeatable, signedFetch } from './testing/signed-fetch.ts';

const SPEECH = 'https://ai.cognitiveservices.azure.com/';
const intelligence = { callIntelligenceOptions: { cognitiveServicesEndpoint: SPEECH } };
const once: CallAutomationClientOptions = { retryOptions: { maxRetries: 0 } };

function sdk({ azure }: Scene, options: CallAutomationClientOptions = once): CallAutomationClient {
  return new CallAutomationClient(azure.connectionString, { agent: azure.agent(), ...options });
}

/** Somebody calls the application, whose webhook has subscribed. */
async function ringing(scene: Scene, more: Partial<AzureRinging> = {}) {
  await scene.azure.subscribe({ url: `${scene.app.url}/grid` });
  const call = new VirtualCall(scene.clock);
  call.join({ name: 'caller', address: '+15550100', source: tone(440) });
  const made = scene.azure.ring({ call, from: '+15550100', to: '+15550999', callerDisplayName: 'Ada', ...more });
  await scene.clock.idle();
  const event = scene.app.events('IncomingCall').at(-1);
  return { made, event, context: String(event?.data['incomingCallContext']) };
}

/** Callbacks about calls, by the last part of their type. */
const told = ({ app }: Scene, id: string): readonly string[] =>
  app
    .events()
    .filter(({ data }) => data['callConnectionId'] === id)
    .map(({ type }) => String(type).split('.').at(-1) ?? '');

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

test('CreateCall by the SDK calls people, whose voices are recorded', async () => {
  await using scene = await openScene({ behaviour: { settleMs: 0 } });
  scene.azure.setVoice('+15550123', tone(600));
  const invite = { targetParticipant: { phoneNumber: '+15550123' }, sourceCallIdNumber: { phoneNumber: '+15550999' } };
  const options = { operationContext: 'out', ...intelligence };
  const { callConnectionProperties: properties } = await sdk(scene).createCall(invite, scene.callbackUri, options);
  expect(properties).toMatchObject({
    callConnectionState: 'connecting',
    targetParticipants: [{ phoneNumber: '+15550123' }],
    sourceCallerIdNumber: { phoneNumber: '+15550999' },
  });
  await scene.clock.advance(500);
  const id = properties.callConnectionId ?? '';
  expect(told(scene, id)).toEqual(['CallConnected', 'ParticipantsUpdated']);
  const call = scene.azure.calls().find(({ callConnectionId }) => callConnectionId === id)!;
  const body = { callConnectionId: id, recordingContentType: 'audio', recordingFormatType: 'wav' };
  await signedFetch(scene.azure, { method: 'POST', path: '/calling/recordings', body });
  await scene.clock.advance(2_000);
  const { wav } = await fetchFiles({ ...scene, call }, await fileEvent({ ...scene, call }));
  expect(toneLevel(wav.channels[0]!, 16_000, 600)).toBeGreaterThan(-13);
});

test.each<[string, Record<string, unknown>]>([
  ['nobody to call', { targets: [] }],
  ['a phone number without a number to show', { targets: [{ kind: 'phoneNumber', phoneNumber: { value: '+1555' } }] }],
  ['a target of two kinds', { targets: [{ phoneNumber: { value: '+1' }, communicationUser: { id: 'x' } }] }],
  [
    'a number to show under Teams Phone',
    {
      targets: [{ rawId: '4:+1555' }],
      teamsAppSource: { appId: 'account' },
      sourceCallerIdNumber: { value: '+15550999' },
    },
  ],
  ['no callback', { callbackUri: undefined }],
  ['an unknown field', { cognitiveServicesEndpoint: SPEECH }],
  ['a callback without TLS', { callbackUri: 'ftp://app.example/x' }],
])('CreateCall with %s is refused with 400/8523', async (_, departure) => {
  await using scene = await openScene();
  const body = { targets: [{ rawId: '8:acs:x' }], callbackUri: scene.callbackUri, ...departure };
  const answer = await signedFetch(scene.azure, { method: 'POST', path: '/calling/callConnections', body });
  expect(answer).toMatchObject({ status: 400, code: '8523' });
  expect(scene.azure.calls()).toHaveLength(1);
});

test('a call from a resource account is of Teams Phone', async () => {
  await using scene = await openScene();
  const invite = { targetParticipant: { phoneNumber: '+15550123' } };
  const options = { teamsAppSource: { teamsAppId: 'account' } };
  const { callConnectionProperties: properties } = await sdk(scene).createCall(invite, scene.callbackUri, options);
  expect(Buffer.from(properties.serverCallId ?? '', 'base64').toString()).toContain('teams.microsoft.com');
});

test.each(['serverCallLocator', 'groupCallLocator', 'roomCallLocator'] as const)('Connect by %s', async (kind) => {
  await using scene = await openScene();
  const call = new VirtualCall(scene.clock);
  call.join({ name: 'one', address: '8:acs:one' });
  const hosted = scene.azure.hostCall({ call, groupCallId: 'group', roomId: 'room' });
  const ids = { serverCallLocator: hosted.serverCallId, groupCallLocator: 'group', roomCallLocator: 'room' };
  const options = { operationContext: 'con', ...intelligence };
  const { callConnectionProperties: properties } = await sdk(scene).connectCall(
    { kind, id: ids[kind] },
    scene.callbackUri,
    options,
  );
  expect(properties).toMatchObject({ ...hosted.ids(), callConnectionState: 'connecting' });
  await scene.clock.advance(500);
  hosted.join({ name: 'two', address: '8:acs:two' });
  await scene.clock.idle();
  const id = properties.callConnectionId ?? '';
  expect(told(scene, id)).toEqual(['CallConnected', 'ParticipantsUpdated', 'ParticipantsUpdated']);
  const updates = scene.app.events('ParticipantsUpdated').filter(({ data }) => data['callConnectionId'] === id);
  expect(updates.map(({ data }) => data['sequenceNumber'])).toEqual([1, 2]);
  const other = { kind, id: kind === 'serverCallLocator' ? scene.call.serverCallId.slice(0, -8) : 'other' };
  await expect(sdk(scene).connectCall(other, scene.callbackUri)).rejects.toMatchObject({ statusCode: 404 });
  hosted.end();
  const late = sdk(scene).connectCall({ kind, id: ids[kind] }, scene.callbackUri);
  await expect(late).rejects.toMatchObject({ statusCode: 400, code: '8528' });
});

test('a call without our application is recorded by its ids, once, with no connection in the events', async () => {
  await using scene = await openScene({ behaviour: { settleMs: 0 } });
  const hosted = scene.azure.hostCall({ call: new VirtualCall(scene.clock), groupCallId: 'group' });
  const { callbackUri: recordingStateCallbackUri } = scene;
  const start = (callLocator: Record<string, string>) =>
    signedFetch(scene.azure, {
      method: 'POST',
      path: '/calling/recordings',
      body: { callLocator, recordingStateCallbackUri },
    });
  expect((await start({ kind: 'groupCallLocator', groupCallId: 'group' })).status).toBe(200);
  const byServer = { kind: 'serverCallLocator', serverCallId: hosted.serverCallId };
  expect(await start(byServer)).toMatchObject({ status: 400, code: '8559' });
  await scene.clock.advance(100);
  const [changed] = scene.app.events('RecordingStateChanged');
  expect(changed?.data).toMatchObject({ ...hosted.ids(), state: 'active' });
  expect(changed?.data).not.toHaveProperty('callConnectionId');
});

test('two connections to one call: each has events of its own, one of them hangs up, one recording for both', async () => {
  await using scene = await openScene({ behaviour: { settleMs: 0 } });
  const client = sdk(scene);
  const locator = { kind: 'serverCallLocator', id: scene.call.serverCallId } as const;
  const { callConnectionProperties: second, callConnection } = await client.connectCall(locator, scene.callbackUri);
  await scene.clock.advance(500);
  const start = (callConnectionId: string) =>
    signedFetch(scene.azure, { method: 'POST', path: '/calling/recordings', body: { callConnectionId } });
  expect((await start(second.callConnectionId ?? '')).status).toBe(200);
  expect(await start(scene.call.callConnectionId)).toMatchObject({ status: 400, code: '8559' });
  await callConnection.hangUp(false);
  await scene.clock.idle();
  expect([scene.call.state, scene.call.over]).toEqual(['connected', false]);
  expect(told(scene, second.callConnectionId ?? '').at(-1)).toBe('CallDisconnected');
});

const failure = { code: 408, subCode: 10_057, message: 'Request Timeout. DiagCode: 408#10057.@' };

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
