import { CallAutomationClient, type StartRecordingOptions } from '@azure/communication-call-automation';
import {
  type CommunicationIdentifier,
  createIdentifierFromRawId,
  serializeCommunicationIdentifier,
} from '@azure/communication-common';
import { expect, test } from 'vitest';
import { identifierOf, requestedRawId } from './call/identifier.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedFetch } from './testing/signed-fetch.ts';

const wav = { recordingContentType: 'audio', recordingFormatType: 'wav', recordingChannelType: 'unmixed' };

function start(scene: Scene, body: Readonly<Record<string, unknown>>) {
  return signedFetch(scene.azure, { method: 'POST', path: '/calling/recordings', body: { ...wav, ...body } });
}

const GROUP = '29228d3e-040e-4656-a70e-890ab4e173e5';

test('the SDK starts by group call, and the call says by which ids it is found', async () => {
  await using scene = await openScene({ behaviour: { roomStart: 'accept' } }, { groupCallId: GROUP, roomId: '99' });
  expect([scene.call.groupCallId, scene.call.roomId]).toEqual([GROUP, '99']);
  const client = new CallAutomationClient(scene.azure.connectionString, { agent: scene.azure.agent() });
  const locators: readonly StartRecordingOptions['callLocator'][] = [
    { kind: 'groupCallLocator', id: GROUP },
    { kind: 'roomCallLocator', id: '99' },
  ];
  for (const callLocator of locators) {
    const options = { recordingContent: 'audio', recordingFormat: 'wav' } as const;
    const { recordingId = '' } = await client
      .getCallRecording()
      .start({ ...options, ...(callLocator && { callLocator }) });
    await scene.clock.advance(2_000);
    expect((await client.getCallRecording().getState(recordingId)).recordingState).toBe('active');
    await client.getCallRecording().stop(recordingId);
    await scene.clock.advance(2_000);
  }
});

test.each([
  ['8522', 404],
  ['8543', 404],
  ['8548', 400],
] as const)(
  'an unknown group call is answered %s, a known one by the state of its call',
  async (unknownGroupCall, status) => {
    await using scene = await openScene({ behaviour: { unknownGroupCall } });
    const locate = (groupCallId: string) => ({ callLocator: { kind: 'groupCallLocator', groupCallId } });
    expect(await start(scene, locate(GROUP))).toMatchObject({ status, code: unknownGroupCall });
    const early = scene.place({ groupCallId: GROUP });
    expect(await start(scene, locate(GROUP))).toMatchObject({ status: 400, code: '8501' });
    early.end();
    expect(await start(scene, locate(GROUP))).toMatchObject({ status: 400, code: '8528' });
  },
);

test('an unknown room is not found where rooms are recorded', async () => {
  await using scene = await openScene({ behaviour: { roomStart: 'accept' } });
  const answer = await start(scene, { callLocator: { kind: 'roomCallLocator', roomId: 'other' } });
  expect(answer).toMatchObject({ status: 404, code: '8522' });
});

test('a locator and a callConnectionId at once are refused, even of the same call', async () => {
  await using scene = await openScene();
  const { serverCallId, callConnectionId } = scene.call;
  const callLocator = { kind: 'serverCallLocator', serverCallId };
  expect(await start(scene, { callLocator, callConnectionId })).toMatchObject({ status: 400, code: '8523' });
});

const RESOURCE = '631fa8d8-aab5-4ac5-8e15-261aa2590750';
const rawIds: readonly string[] = [
  '4:+15550100',
  '4:anonymous',
  `8:acs:${RESOURCE}_0000000c-d8b0-8adc-73ff-234822000345`,
  '8:spool:user',
  '8:orgid:9e5d',
  '8:dod:9e5d',
  '8:gcch:9e5d',
  '8:teamsvisitor:9e5d',
  '28:orgid:app',
  '28:dod:app',
  '28:gcch:app',
  `8:acs:${RESOURCE}_tenant_user`,
  `8:dod-acs:${RESOURCE}_tenant_user`,
  `8:gcch-acs:${RESOURCE}_tenant_user`,
  '48:something',
];

test.each(rawIds)('%s is read and written as the SDK does', (rawId) => {
  const serialised = serializeCommunicationIdentifier(identifierIn(rawId));
  const { rawId: _, ...others } = serialised;
  expect(requestedRawId(serialised)).toBe(rawId);
  if (rawId !== '48:something') expect(requestedRawId(others)).toBe(rawId);
  const members = Object.keys(serialised).filter((name) => name !== 'rawId' && name !== 'kind');
  expect(Object.keys(identifierOf(rawId)).filter((name) => name !== 'rawId' && name !== 'kind')).toEqual(members);
  if (members.length > 0) expect(identifierOf(rawId).kind).toBe(members[0]);
  else expect(identifierOf(rawId).kind).toBe('unknown');
});

function identifierIn(rawId: string): CommunicationIdentifier {
  const { kind: _, ...identifier } = createIdentifierFromRawId(rawId);
  return identifier as CommunicationIdentifier;
}

test.each(rawIds)('a channel can be given to %s', async (rawId) => {
  await using scene = await openScene();
  scene.call.join({ name: 'third', address: rawId });
  const participant = serializeCommunicationIdentifier(identifierIn(rawId));
  const answer = await start(scene, {
    callConnectionId: scene.call.callConnectionId,
    channelAffinity: [{ channel: 4, participant }],
    audioChannelParticipantOrdering: [participant],
  });
  expect(answer.status).toBe(200);
});

test.each<[string, Record<string, unknown>, string]>([
  ['nobody', { kind: 'unknown' }, 'names nobody'],
  ['two at once', { phoneNumber: { value: '+1555' }, communicationUser: { id: '8:acs:x' } }, 'both'],
  ['another kind than it holds', { kind: 'phoneNumber', communicationUser: { id: '8:acs:x' } }, 'kind is phoneNumber'],
  ['half a Teams Phone user', { teamsExtensionUser: { userId: 'u', tenantId: 't' } }, 'resourceId is required'],
  ['a kind that does not exist', { kind: 'botUser', rawId: '28:x' }, 'must be one of'],
])('a channel for %s is refused with its field', async (_, participant, rule) => {
  await using scene = await openScene();
  const { callConnectionId } = scene.call;
  for (const field of ['audioChannelParticipantOrdering', 'channelAffinity'] as const) {
    const value = field === 'channelAffinity' ? [{ channel: 0, participant }] : [participant];
    const answer = await start(scene, { callConnectionId, [field]: value });
    expect(answer).toMatchObject({ status: 400, code: '8523' });
    const { message } = answer.body['error'] as { message: string };
    expect(message).toContain(`${field}[0]`);
    expect(message).toContain(rule);
  }
});

test.each([
  'http://contoso.blob.core.windows.net/recordings',
  'https://contoso.blob.core.windows.net/Recordings',
  'https://contoso.blob.core.windows.net/recordings?sv=2024&sig=x',
  'https://user:word@contoso.blob.core.windows.net/recordings',
  'https://contoso.dfs.core.windows.net/recordings',
  'https://evil.example/contoso.blob.core.windows.net/recordings',
  'recordings',
])('the container %s is refused', async (recordingDestinationContainerUrl) => {
  await using scene = await openScene();
  const externalStorage = { recordingStorageKind: 'azureBlobStorage', recordingDestinationContainerUrl };
  const answer = await start(scene, { callConnectionId: scene.call.callConnectionId, externalStorage });
  expect(answer).toMatchObject({ status: 400, code: '8523' });
  expect(JSON.stringify(answer.body)).not.toMatch(/sig=|word@/);
});

test.each([
  'https://contoso.blob.core.windows.net/recordings',
  'https://contoso.blob.core.windows.net/recordings/2026/calls/',
  'https://contoso.z1.blob.storage.azure.net/recordings',
])('the container %s is taken', async (recordingDestinationContainerUrl) => {
  await using scene = await openScene();
  const externalStorage = { recordingStorageKind: 'azureBlobStorage', recordingDestinationContainerUrl };
  const answer = await start(scene, { callConnectionId: scene.call.callConnectionId, externalStorage });
  expect(answer.status).toBe(200);
});
