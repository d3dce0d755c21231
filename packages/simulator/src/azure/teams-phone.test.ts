import { CallAutomationClient } from '@azure/communication-call-automation';
import { toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import type { AzureBehaviour } from './behaviour.ts';
import { fetchFiles, fileEvent } from './testing/record.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedFetch } from './testing/signed-fetch.ts';

const wav = { recordingContentType: 'audio', recordingFormatType: 'wav', recordingChannelType: 'mixed' };

/** A Teams Phone call: the customer of the scene on the telephone, and an agent. */
async function teamsScene(behaviour: Partial<AzureBehaviour> = {}): Promise<Scene> {
  const scene = await openScene({ behaviour: { settleMs: 0, ...behaviour } }, { profile: 'teams-phone' });
  scene.call.join({ name: 'dual persona', address: scene.azure.teamsAgent('agent-7') });
  await scene.clock.idle();
  return scene;
}

function start(scene: Scene, body: Readonly<Record<string, unknown>> = {}) {
  const { callConnectionId } = scene.call;
  const { callbackUri: recordingStateCallbackUri } = scene;
  const whole = { callConnectionId, recordingStateCallbackUri, ...wav, ...body };
  return signedFetch(scene.azure, { method: 'POST', path: '/calling/recordings', body: whole });
}

test('a Teams Phone call has a server call id of its own form, and agents with three parts', async () => {
  await using scene = await teamsScene();
  const url = Buffer.from(scene.call.serverCallId, 'base64').toString();
  expect(url).toMatch(/^https:\/\/api\.flightproxy\.teams\.microsoft\.com\/api\/v2\/ep\//);
  const { resourceId, entra } = scene.azure;
  const update = scene.app.events('ParticipantsUpdated').at(-1);
  const participants = (update?.data['participants'] ?? []) as { identifier: unknown }[];
  expect(participants.at(-1)?.identifier).toEqual({
    rawId: `8:acs:${resourceId}_${entra.tenantId}_agent-7`,
    kind: 'teamsExtensionUser',
    teamsExtensionUser: { userId: 'agent-7', tenantId: entra.tenantId, resourceId, cloud: 'public' },
  });
});

test('it is started by callConnectionId, answered 202, and told active by the event', async () => {
  await using scene = await teamsScene();
  const answer = await start(scene);
  expect([answer.status, answer.body['recordingState']]).toEqual([202, 'inactive']);
  await scene.clock.advance(100);
  const [changed] = scene.app.events('RecordingStateChanged');
  expect(changed?.data).toMatchObject({ state: 'active', recordingKind: 'azureCommunicationServices' });
  expect(changed?.data['recordingId']).toBe(answer.body['recordingId']);
});

test.each(['teams', 'teamsCompliance'] as const)('it may be said to be recorded by %s', async (kind) => {
  await using scene = await teamsScene({ teamsPhoneRecordingKind: kind });
  expect((await start(scene)).body['recordingKind']).toBe(kind);
  await scene.clock.advance(100);
  expect(scene.app.events('RecordingStateChanged')[0]?.data['recordingKind']).toBe(kind);
});

test.each([
  [202, 'in-event'],
  [200, 'in-event'],
  [204, 'in-answer'],
] as const)('a start may be answered %i and the id come in the event only', async (status, teamsPhoneRecordingId) => {
  await using scene = await teamsScene({ teamsPhoneStartStatus: status, teamsPhoneRecordingId });
  const answer = await start(scene);
  expect(answer.status).toBe(status);
  expect(answer.body).not.toHaveProperty('recordingId');
  await scene.clock.advance(100);
  const [changed] = scene.app.events('RecordingStateChanged');
  expect(changed?.data['recordingId']).toBe(scene.azure.recordingIds()[0]);
});

test.each([
  ['8523', 400],
  ['8520', 405],
  ['accept', 202],
] as const)('a start by serverCallId is answered as the behaviour %s says', async (teamsPhoneLocatorStart, status) => {
  await using scene = await teamsScene({ teamsPhoneLocatorStart });
  const callLocator = { kind: 'serverCallLocator', serverCallId: scene.call.serverCallId };
  const answer = await start(scene, { callConnectionId: undefined, callLocator });
  expect([answer.status, answer.code]).toEqual([status, status === 202 ? undefined : teamsPhoneLocatorStart]);
});

test('what a start leaves open is recorded as audio in WAV', async () => {
  await using scene = await teamsScene();
  await scene.azure.subscribe({ url: `${scene.app.url}/grid` });
  const open = { recordingContentType: undefined, recordingChannelType: undefined, recordingFormatType: null };
  expect((await start(scene, open)).status).toBe(202);
  await scene.clock.advance(2_000);
  scene.call.end();
  await scene.clock.advance(60_000);
  expect(scene.app.events('RecordingFileStatusUpdated')[0]?.data).toMatchObject({
    recordingContentType: 'Audio',
    recordingChannelType: 'Mixed',
    recordingFormatType: 'Wav',
  });
});

const mp4 = { recordingContentType: 'audioVideo', recordingFormatType: 'mp4' };

test.each<[string, Record<string, unknown>, Partial<AzureBehaviour>, number]>([
  ['mp4', mp4, {}, 400],
  ['mp4 where all is recorded', mp4, { teamsPhoneOutputs: 'all' }, 202],
  ['mp3', { recordingFormatType: 'mp3' }, {}, 400],
  ['pauseOnStart', { pauseOnStart: true }, {}, 202],
  ['pauseOnStart where refused', { pauseOnStart: true }, { teamsPhonePauseOnStart: 'refuse' }, 400],
  ['channels', { recordingChannelType: 'unmixed', channelAffinity: [] }, {}, 202],
  [
    'channels where refused',
    { recordingChannelType: 'unmixed', channelAffinity: [{ channel: 0, participant: { rawId: '4:+15550100' } }] },
    { teamsPhoneChannels: 'refuse' },
    400,
  ],
])('%s under Teams Phone', async (_, body, behaviour, status) => {
  await using scene = await teamsScene(behaviour);
  const answer = await start(scene, body);
  expect([answer.status, answer.code]).toEqual([status, status === 400 ? '8523' : undefined]);
  await using standalone = await openScene();
  const { callConnectionId } = standalone.call;
  expect((await start(standalone, { callConnectionId, ...body })).status).toBe(200);
});

/** Whether the announcement (300 Hz by default) is audible in second `index` of the file. */
async function heardIn(scene: Scene, seconds: number): Promise<readonly boolean[]> {
  const { wav: file } = await fetchFiles(scene, await fileEvent(scene));
  const [samples] = file.channels;
  return Array.from({ length: seconds }, (_, index) => {
    const second = samples!.subarray(index * 16_000 + 800, (index + 1) * 16_000 - 800);
    return toneLevel(second, 16_000, 300) > -40;
  });
}

test.each([
  ['recorded', [true, true, false]],
  ['unrecorded', [false, false, false]],
  ['none', [false, false, false]],
] as const)('people on the telephone are told of start and pause: %s', async (teamsPhoneAnnouncements, heard) => {
  await using scene = await teamsScene({ teamsPhoneAnnouncements });
  const { body } = await start(scene);
  await scene.clock.advance(3_000);
  const command = (name: string) =>
    signedFetch(scene.azure, { method: 'POST', path: `/calling/recordings/${body['recordingId']}:${name}` });
  await command('pause');
  await scene.clock.advance(10_000);
  await command('resume');
  await scene.clock.advance(1_000);
  const listeners = ['4:+15550100', '4:+15550199'];
  expect(scene.call.announcements.map(({ about, listeners: who }) => [about, who])).toEqual(
    teamsPhoneAnnouncements === 'none'
      ? []
      : [
          ['started', listeners],
          ['paused', listeners],
        ],
  );
  expect(await heardIn(scene, 3)).toEqual(heard);
});

test('nobody is told in a call without an agent, or without Teams Phone', async () => {
  await using scene = await openScene({ behaviour: { settleMs: 0 } }, { profile: 'teams-phone' });
  await start(scene);
  await scene.clock.advance(100);
  expect(scene.call.announcements).toEqual([]);
  await using standalone = await openScene({ behaviour: { settleMs: 0 } });
  standalone.call.join({ name: 'dual persona', address: standalone.azure.teamsAgent('agent-7') });
  await start(standalone);
  await standalone.clock.advance(100);
  expect(standalone.call.announcements).toEqual([]);
});

test('the SDK gets no id where the answer has none', async () => {
  await using scene = await teamsScene({ teamsPhoneRecordingId: 'in-event' });
  const client = new CallAutomationClient(scene.azure.connectionString, { agent: scene.azure.agent() });
  const { callConnectionId } = scene.call;
  const result = await client
    .getCallRecording()
    .start({ callConnectionId, recordingContent: 'audio', recordingFormat: 'wav' });
  expect(result.recordingId).toBeUndefined();
});
