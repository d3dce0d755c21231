import { existsSync, readFileSync } from 'node:fs';
import { parseCallAutomationEvent } from '@azure/communication-call-automation';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { VirtualCall } from '../call/virtual-call.ts';
import { CALLBACK_ISSUER, selfSignedCertificate } from './index.ts';
import { commandRecording, startRecording } from './testing/record.ts';
import { referencePath } from './testing/reference.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { openApp } from './testing/webhook-app.ts';

const types = (scene: Scene) => scene.app.events().map(({ type }) => String(type).split('.').at(-1));
const states = (scene: Scene) => scene.app.events('RecordingStateChanged').map(({ data }) => data['state']);

test('a call connects, people come and go, it ends: each told once, in order', async () => {
  await using scene = await openScene({}, { operationContext: 'mine' });
  scene.call.join({ name: 'third', address: '8:orgid:teams-user' });
  scene.call.leave('caller');
  scene.call.end();
  scene.call.end();
  await scene.clock.idle();
  expect(types(scene)).toEqual([
    'CallConnected',
    'ParticipantsUpdated',
    'ParticipantsUpdated',
    'ParticipantsUpdated',
    'CallDisconnected',
  ]);
  const [connected, ...others] = scene.app.events();
  const ids = scene.call.ids();
  expect(connected?.data).toMatchObject({ ...ids, operationContext: 'mine' });
  expect(others.map(({ data }) => data['sequenceNumber'])).toEqual([1, 2, 3, undefined]);
  expect(others[1]?.data['participants']).toMatchObject([
    { identifier: { kind: 'phoneNumber', rawId: '4:+15550100', phoneNumber: { value: '+15550100' } }, isMuted: false },
    { identifier: { kind: 'phoneNumber', rawId: '4:+15550199' } },
    { identifier: { kind: 'microsoftTeamsUser', microsoftTeamsUser: { userId: 'teams-user' } } },
  ]);
  expect(others.at(-1)?.data).toMatchObject({
    ...ids,
    operationContext: 'mine',
    resultInformation: { code: 200, subCode: 560_000 },
  });
  expect(scene.azure.callbacks().every(({ outcome, status }) => outcome === 'answered' && status === 200)).toBe(true);
});

test('every event has a token of its own, for this resource, good for five minutes', async () => {
  await using scene = await openScene();
  const { azure, clock, app } = scene;
  await startRecording(scene, { recordingStateCallbackUri: scene.callbackUri });
  await clock.advance(2_000);
  const tokens = app.posts.map(({ headers }) => (headers.authorization ?? '').replace('Bearer ', ''));
  expect(tokens.length).toBe(3);
  const options = { issuer: CALLBACK_ISSUER, audience: azure.resourceId, algorithms: ['RS256'] };
  const configuration = await fetch(azure.plain.openIdConfigurationUrl);
  expect(await configuration.json()).toMatchObject({ issuer: CALLBACK_ISSUER, jwks_uri: azure.plain.jwksUrl });
  const remote = createRemoteJWKSet(new URL(azure.plain.jwksUrl));
  const currentDate = new Date(clock.now());
  for (const token of tokens) {
    const { payload } = await jwtVerify(token, remote, { ...options, currentDate });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  }
  const [first = ''] = tokens;
  const local = createLocalJWKSet(azure.jwks);
  const late = new Date(clock.now() + 301_000);
  await expect(jwtVerify(first, local, { ...options, currentDate: late })).rejects.toThrow(/exp/);
  await expect(jwtVerify(first, local, { ...options, currentDate, audience: 'other' })).rejects.toThrow(/aud/);
  await using other = await openScene();
  const [foreign = ''] = other.app.posts.map(({ headers }) => (headers.authorization ?? '').replace('Bearer ', ''));
  await expect(jwtVerify(foreign, local, { ...options, currentDate })).rejects.toThrow(/aud/);
});

test('a call takes as long to connect as the behaviour says, and is not recorded before', async () => {
  await using scene = await openScene({ behaviour: { connectMs: 90_000 } });
  await scene.clock.advance(88_999);
  expect(types(scene)).toEqual([]);
  await expect(startRecording(scene)).rejects.toThrow('8501');
  await scene.clock.advance(1);
  expect(types(scene)).toEqual(['CallConnected', 'ParticipantsUpdated']);
  await expect(startRecording(scene)).resolves.toMatch(/^ey/);
});

test('an https callback is posted when its authority is trusted', async () => {
  const tls = await selfSignedCertificate(['app.example']);
  await using secure = await openApp(tls);
  const url = `https://app.example:${new URL(secure.url).port}/callbacks?s=1&k=2`;
  for (const [callbackCa, expected] of [
    [tls.cert, 'answered'],
    [undefined, 'unanswered'],
  ] as const) {
    await using scene = await openScene({ callbackCa, allowHttpCallbacks: true });
    scene.azure.placeCall({ call: new VirtualCall(scene.clock), callbackUri: url });
    await scene.clock.advance(1_000);
    const outcomes = scene.azure.callbacks().filter((delivery) => delivery.url === url);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([expected, expected]);
  }
  expect(secure.posts[0]).toMatchObject({ path: '/callbacks?s=1&k=2' });
});

test('an event that the application refuses is not sent again', async () => {
  await using scene = await openScene();
  scene.app.answers = [() => ({ status: 503 })];
  scene.call.end();
  await scene.clock.advance(86_400_000);
  expect(types(scene).filter((type) => type === 'CallDisconnected')).toHaveLength(1);
  expect(scene.azure.callbacks().at(-1)).toMatchObject({ status: 503, outcome: 'answered' });
});

test('the first two events may come in one array, without a server call id, as in 2022', async () => {
  await using scene = await openScene({
    behaviour: { connectBurst: 'one-array', serverCallIdInCallConnected: false, eventShape: '2022' },
  });
  expect(scene.app.posts.map(({ body }) => (body as unknown[]).length)).toEqual([2]);
  const [connected] = scene.app.events('CallConnected');
  const { callConnectionId, correlationId } = scene.call;
  expect(connected?.data).toEqual({ callConnectionId, correlationId, type: 'callConnected' });
});

describe('on their way', () => {
  const record = async (scene: Scene) => {
    const id = await startRecording(scene, { recordingStateCallbackUri: scene.callbackUri });
    await scene.clock.advance(2_000);
    await commandRecording(scene, id, 'pause');
    await scene.clock.advance(2_000);
    return id;
  };

  test('an event is lost', async () => {
    await using scene = await openScene();
    scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'lost' });
    await record(scene);
    expect(states(scene)).toEqual(['inactive']);
    expect(scene.azure.eventFaults.pending()).toBe(0);
    expect(scene.azure.callbacks().map(({ outcome }) => outcome)).toContain('lost');
  });

  test('an event comes twice with one id', async () => {
    await using scene = await openScene();
    scene.azure.eventFaults.next({ match: ({ data }) => data['state'] === 'active', fault: 'duplicated' });
    await record(scene);
    expect(states(scene)).toEqual(['active', 'active', 'inactive']);
    const ids = scene.app.events('RecordingStateChanged').map((event) => event['id']);
    expect(new Set(ids).size).toBe(2);
  });

  test('an event is overtaken by the next, or comes alone five seconds late', async () => {
    await using scene = await openScene();
    scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'reversed' });
    const id = await record(scene);
    expect(states(scene)).toEqual(['inactive', 'active']);
    scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: 'reversed' });
    await commandRecording(scene, id, 'resume');
    await scene.clock.advance(6_900);
    expect(states(scene)).toEqual(['inactive', 'active']);
    await scene.clock.advance(200);
    expect(states(scene)).toEqual(['inactive', 'active', 'active']);
  });

  test('an event is late, the second of its kind only', async () => {
    await using scene = await openScene();
    scene.azure.eventFaults.next({ match: 'RecordingStateChanged', fault: { delayMs: 60_000 }, skip: 1 });
    await record(scene);
    expect(states(scene)).toEqual(['active']);
    await scene.clock.advance(60_000);
    expect(states(scene)).toEqual(['active', 'inactive']);
  });
});

test('the vendor parser takes every event of a call and a recording', async () => {
  await using scene = await openScene();
  await startRecording(scene, { recordingStateCallbackUri: scene.callbackUri });
  await scene.clock.advance(2_000);
  scene.call.end();
  await scene.clock.idle();
  const kinds = scene.app.events().map((event) => parseCallAutomationEvent(event).kind);
  expect(kinds).toEqual([
    'CallConnected',
    'ParticipantsUpdated',
    'RecordingStateChanged',
    'RecordingStateChanged',
    'CallDisconnected',
  ]);
});

const excerpt = 'azure/stable-2026-03-12/communicationservicescallautomation';
const described = existsSync(referencePath(`${excerpt}.recording-excerpt.json`));
if (!described) console.warn('skipped: no service description at hand; events are not compared with it');

test.skipIf(!described)('events carry only what the description names, and what real ones carry besides', async () => {
  await using scene = await openScene({}, { operationContext: 'mine' });
  await startRecording(scene, { recordingStateCallbackUri: scene.callbackUri });
  await scene.clock.advance(2_000);
  scene.call.end();
  await scene.clock.idle();
  const definitions = ['recording', 'calls-and-media'].map(
    (part) => JSON.parse(readFileSync(referencePath(`${excerpt}.${part}-excerpt.json`), 'utf8')).definitions,
  );
  for (const event of scene.app.events()) {
    const name = String(event['type']).split('.').at(-1) ?? '';
    const { properties } = definitions.find((all) => all[name])[name];
    const unknown = Object.keys(event.data).filter((field) => !(field in properties));
    expect([name, unknown]).toEqual([name, ['version', 'publicEventType']]);
  }
});

const samples = existsSync(referencePath('azure/events/call-connected.sdk-test.json'));
if (!samples) console.warn('skipped: no recorded events at hand; the envelope is not compared with them');

test.skipIf(!samples)('the envelope is that of recorded events', async () => {
  await using scene = await openScene({ behaviour: { eventShape: '2022', serverCallIdInCallConnected: false } });
  const [sample] = JSON.parse(readFileSync(referencePath('azure/events/call-connected.sdk-test.json'), 'utf8'));
  const [event] = scene.app.events('CallConnected');
  expect(Object.keys(event ?? {})).toEqual(Object.keys(sample));
  expect(Object.keys(event?.data ?? {}).sort()).toEqual(Object.keys(sample.data).sort());
  const form = (value: unknown) =>
    String(value)
      .replaceAll(/[0-9a-f-]{36}/g, '<id>')
      .replaceAll(/\d/g, '0');
  for (const field of ['source', 'type', 'time', 'specversion', 'datacontenttype']) {
    expect(form(event?.[field])).toBe(form(sample[field]));
  }
});
