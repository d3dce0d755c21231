import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { startAzure } from './start-azure.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { signedFetch } from './testing/signed-fetch.ts';

const recordings = '/calling/recordings';
const wav = { recordingContentType: 'audio', recordingChannelType: 'mixed', recordingFormatType: 'wav' };

function start(scene: Scene, body: Readonly<Record<string, unknown>> = {}, headers: Record<string, string> = {}) {
  const callLocator = { kind: 'serverCallLocator', serverCallId: scene.call.serverCallId };
  return signedFetch(scene.azure, {
    method: 'POST',
    path: recordings,
    body: { callLocator, ...wav, ...body },
    headers,
  });
}

test('an answer has the headers of the real service and echoes the request id', async () => {
  await using scene = await openScene();
  const answer = await start(scene, {}, { 'x-ms-client-request-id': 'mine' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('x-ms-client-request-id')).toBe('mine');
  expect(answer.headers.get('x-microsoft-skype-chain-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers.get('x-cache')).toBe('CONFIG_NOCACHE');
});

test.each([
  ['another key', { sign: { key: randomBytes(32).toString('base64') } }],
  ['another host', { sign: { host: 'elsewhere.communication.azure.com' } }],
  ['another body than was signed', { sign: { body: '{}' } }],
  ['a date 16 minutes old', { sign: { date: new Date(Date.now() - 16 * 60_000) } }],
  ['a date 20 minutes ahead', { sign: { date: new Date(Date.now() + 20 * 60_000) } }],
  ['a date that is not written as HTTP does', { sign: { date: new Date().toISOString() } }],
  ['what is no date', { sign: { date: 'Invalid Date' } }],
  ['no signature', { headers: { authorization: '' } }],
  ['no date', { headers: { 'x-ms-date': '' } }],
])('a request signed with %s is refused and does nothing', async (_, departure) => {
  await using scene = await openScene();
  const callLocator = { kind: 'serverCallLocator', serverCallId: scene.call.serverCallId };
  const body = { callLocator, ...wav };
  const answer = await signedFetch(scene.azure, { method: 'POST', path: recordings, body, ...departure });
  expect([answer.status, answer.code]).toEqual([401, '7509']);
  expect((await start(scene)).status).toBe(200);
});

test.each([-14, 14])('a clock that is %i minutes off is no fault', async (minutes) => {
  await using scene = await openScene();
  const path = `/calling/callConnections/${scene.call.callConnectionId}`;
  const sign = { date: new Date(Date.now() + minutes * 60_000) };
  expect((await signedFetch(scene.azure, { path, sign })).status).toBe(200);
});

test('an access token is accepted where it is known, and refused where not', async () => {
  await using scene = await openScene({ bearerTokens: ['known'] });
  const path = `/calling/callConnections/${scene.call.callConnectionId}`;
  const get = (token: string) => signedFetch(scene.azure, { path, headers: { authorization: `Bearer ${token}` } });
  expect((await get('known')).status).toBe(200);
  expect(await get('other')).toMatchObject({ status: 401, code: '7501' });
});

test.each([
  ['?', 'MissingApiVersionParameter'],
  ['?api-version=2022-01-01', 'UnsupportedApiVersionValue'],
])('query %s is refused', async (query, code) => {
  await using scene = await openScene();
  expect(await signedFetch(scene.azure, { path: `${recordings}/x${query}` })).toMatchObject({ status: 400, code });
});

test('what is not simulated says so', async () => {
  await using scene = await openScene();
  const answer = await signedFetch(scene.azure, {
    method: 'POST',
    path: '/calling/callConnections:redirect',
    body: {},
  });
  expect(answer.status).toBe(501);
});

test.each<[string, Record<string, unknown>]>([
  ['a field that does not exist', { recordingStorage: {} }],
  ['an unknown format', { recordingFormatType: 'ogg' }],
  ['a channel above 4', { channelAffinity: [{ channel: 5, participant: { rawId: '8:acs:x' } }] }],
  ['no locator', { callLocator: undefined }],
  ['two locators', { callConnectionId: 'x' }],
  ['two ids in the locator', { callLocator: { kind: 'serverCallLocator', serverCallId: 'eA==', groupCallId: 'g' } }],
  ['a kind that does not fit', { callLocator: { kind: 'groupCallLocator', serverCallId: 'eA==' } }],
  ['a correlation id as server call id', { callLocator: { kind: 'serverCallLocator', serverCallId: 'd732db64-4803' } }],
  ['an http callback elsewhere', { recordingStateCallbackUri: 'ftp://app.example/cb' }],
  ['a callback that is no URL', { recordingStateCallbackUri: 'app' }],
  ['unmixed mp4', { recordingChannelType: 'unmixed', recordingFormatType: 'mp4', recordingContentType: 'audioVideo' }],
  ['audio as mp4', { recordingFormatType: 'mp4' }],
  ['affinity in a mixed recording', { channelAffinity: [{ channel: 0, participant: { rawId: '8:acs:x' } }] }],
  ['storage without a container', { externalStorage: { recordingStorageKind: 'azureBlobStorage' } }],
  [
    'a container behind broken escapes',
    {
      externalStorage: {
        recordingStorageKind: 'azureBlobStorage',
        recordingDestinationContainerUrl: 'https://acme.blob.core.windows.net/calls/%zz',
      },
    },
  ],
  [
    'one channel for two',
    {
      recordingChannelType: 'unmixed',
      channelAffinity: [
        { channel: 1, participant: { rawId: '8:acs:x' } },
        { channel: 1, participant: { rawId: '8:acs:y' } },
      ],
    },
  ],
])('a start with %s is refused with 400/8523 and starts nothing', async (_, body) => {
  await using scene = await openScene();
  expect(await start(scene, body)).toMatchObject({ status: 400, code: '8523' });
  expect((await start(scene)).status).toBe(200);
});

test('an http callback is refused unless it was allowed', async () => {
  using clock = new VirtualClock();
  await using azure = await startAzure({ clock });
  const body = { callConnectionId: 'x', recordingStateCallbackUri: 'http://127.0.0.1:1/callbacks' };
  const answer = await signedFetch(azure, { method: 'POST', path: recordings, body });
  expect(answer.body).toEqual({ error: { code: '8523', message: 'The field CallbackUri is invalid' } });
  await expect(azure.subscribe({ url: 'http://127.0.0.1:1/grid' })).rejects.toThrow(TypeError);
});

test('null counts as absent, and what is left out is filled in', async () => {
  await using scene = await openScene();
  const unset = { recordingContentType: null, recordingChannelType: null, recordingFormatType: null };
  expect((await start(scene, { ...unset, recordingStateCallbackUri: null })).status).toBe(200);
});

test('a call is recorded only while it is established', async () => {
  await using scene = await openScene();
  const early = scene.place();
  const locate = (serverCallId: string) => ({ callLocator: { kind: 'serverCallLocator', serverCallId } });
  expect(await start(scene, locate(early.serverCallId))).toMatchObject({ status: 400, code: '8501' });
  early.end();
  expect(await start(scene, locate(early.serverCallId))).toMatchObject({ status: 400, code: '8528' });
  const stranger = Buffer.from('https://elsewhere.example/conv/x').toString('base64');
  expect(await start(scene, locate(stranger))).toMatchObject({ status: 404, code: '8522' });
  const { callConnectionId } = early;
  const path = `/calling/callConnections/${callConnectionId}`;
  expect(await start(scene, { callLocator: undefined, callConnectionId })).toMatchObject({ status: 400, code: '8528' });
  expect(await signedFetch(scene.azure, { path })).toMatchObject({ status: 404, code: '8522' });
});

test.each(['8559', '8553'] as const)('a second recording of a call is refused with %s', async (duplicateStart) => {
  await using scene = await openScene({ behaviour: { duplicateStart } });
  await start(scene);
  const { callConnectionId } = scene.call;
  const again = await start(scene, { callLocator: undefined, callConnectionId });
  expect([again.status, again.code]).toEqual([400, duplicateStart]);
});

test('a group call is found by its id, a room only where that is allowed', async () => {
  const byRoom = { callLocator: { kind: 'roomCallLocator', roomId: 'r' } };
  for (const [roomStart, status, code] of [
    ['8523', 400, '8523'],
    ['8520', 405, '8520'],
    ['accept', 200, undefined],
  ] as const) {
    await using scene = await openScene({ behaviour: { roomStart } }, { groupCallId: 'g', roomId: 'r' });
    const answer = await start(scene, byRoom);
    expect([answer.status, answer.code]).toEqual([status, code]);
    if (status === 200) continue;
    expect((await start(scene, { callLocator: { kind: 'groupCallLocator', groupCallId: 'g' } })).status).toBe(200);
  }
});

test('a recording is found by its id with padding, and a percent-encoded colon belongs to the id', async () => {
  await using scene = await openScene();
  const { body } = await start(scene);
  const padded = `${body['recordingId']}%3D%3D`;
  expect((await signedFetch(scene.azure, { path: `${recordings}/${padded}` })).body).toEqual({
    recordingId: body['recordingId'],
    recordingState: 'inactive',
  });
  const post = (path: string) => signedFetch(scene.azure, { method: 'POST', path });
  expect(await post(`${recordings}/${padded}%3Apause`)).toMatchObject({ status: 501 });
  expect(await post(`${recordings}/${padded}:pause`)).toMatchObject({ status: 202, body: {} });
  expect(await post(`${recordings}/unknown:pause`)).toMatchObject({ status: 404, code: '8522' });
});

test('the journal holds what was asked and answered, and no credentials', async () => {
  await using scene = await openScene();
  await start(scene);
  await signedFetch(scene.azure, { method: 'DELETE', path: `${recordings}/unknown` });
  const [first, second] = scene.azure.requests();
  expect(first).toMatchObject({ operation: 'StartRecording', method: 'POST', status: 200, delivered: true, body: wav });
  expect(second).toMatchObject({ operation: 'StopRecording', status: 404, subCode: '8522', body: undefined });
  expect(JSON.stringify(scene.azure.requests())).not.toContain('HMAC-SHA256');
});
