import { toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { tone, VirtualCall } from '../call/virtual-call.ts';
import { CALL_FAILURES } from './index.ts';
import { intelligence, sdk, told } from './testing/call-clients.ts';
import { fetchFiles, fileEvent } from './testing/record.ts';
import { openScene } from './testing/scene.ts';
import { signedFetch } from './testing/signed-fetch.ts';

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
  ['an unknown field', { cognitiveServicesEndpoint: 'https://ai.example' }],
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

test('a call of Teams Phone without permission ends with CreateCallFailed 403/10105', async () => {
  await using scene = await openScene();
  scene.azure.failNextCall(CALL_FAILURES.noPermission);
  const invite = { targetParticipant: { phoneNumber: '+15550123' } };
  await sdk(scene).createCall(invite, scene.callbackUri, { teamsAppSource: { teamsAppId: 'account' } });
  await scene.clock.advance(500);
  const result = scene.app.events('CreateCallFailed')[0]?.data['resultInformation'];
  expect(result).toMatchObject({ code: 403, subCode: 10_105 });
});
