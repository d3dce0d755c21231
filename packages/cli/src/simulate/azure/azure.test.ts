import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { azureServerCall } from '@onrecord/adapter-azure';
import { toNodeHandler } from '@onrecord/core';
import { createContainer, OnRecordToken } from '@onrecord/core/inversify';
import { toneLevel } from '@onrecord/core/media';
import { decodeAudio, type Endpoint, listen, readBody, sendAnswer } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CommandRun, startCommand } from '../../testing/run-command.ts';

const freePorts = ['--chime-port', '--s3-port', '--azure-port', '--azure-http-port', '--port'].flatMap((name) => [
  name,
  '0',
]);
const fast = ['--azure-behaviour', 'settleMs=0', 'connectMs=0', 'fileDelayMs=0'];
const secret = 'a secret of enough length';
type Environment = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;
let folder: string;
let run: CommandRun;
let app: Endpoint;
/** What the application does with a request; until one is set it answers 503, as if it were not up. */
let handler: Parameters<typeof listen>[0] | undefined;
/** What reached the application while it only notes it. */
let heard: Json[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-simulate-azure-'));
  handler = undefined;
  heard = [];
  app = await listen(async (request, response) => {
    if (handler) return handler(request, response);
    sendAnswer(request, response, { status: 503 });
  });
});
afterEach(async () => {
  run.interrupt();
  await run.ended;
  await app.close();
  await rm(folder, { recursive: true });
});

async function simulate(...argv: readonly string[]): Promise<Environment> {
  run = startCommand(['simulate', '--json', ...freePorts, ...argv], { folder });
  return JSON.parse(await run.wrote((out) => out.endsWith('\n'))) as Environment;
}

/** Takes every message, and every subscription of Event Grid. */
const noting: Parameters<typeof listen>[0] = async (request, response) => {
  const events = JSON.parse((await readBody(request)).toString('utf8')) as readonly Json[];
  heard.push(...events);
  const { validationCode } = (events[0]?.['data'] ?? {}) as Json;
  const headers = { 'content-type': 'application/json' };
  sendAnswer(request, response, { status: 200, headers, body: JSON.stringify({ validationResponse: validationCode }) });
};

/** Data of the first event of this type that reached the application. */
function eventually(type: string, match: (data: Json) => boolean = () => true): Promise<Json> {
  return until(async () => {
    const events = heard.filter((each) => String(each['type'] ?? each['eventType']).endsWith(type));
    return events.map(({ data }) => data as Json).find(match);
  });
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function ask(environment: Environment, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${environment['ONRECORD_SIMULATOR']}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects is the shape
  return { status: answer.status, body: (await answer.json()) as any };
}

const client = (environment: Environment) =>
  new CallAutomationClient(environment['ACS_CONNECTION_STRING'] ?? '', { allowInsecureConnection: true });
const caller = { name: 'caller', address: '+15550100', voice: { toneHz: 440 } };

test('an application of a configuration, started later, records a call over https to its archived file', async () => {
  const grid = `${app.origin}/ingest?secret=${encodeURIComponent(secret)}`;
  const environment = await simulate(...fast, '--event-grid', grid, '--files', 'files');
  await until(async () => (run.err().includes('tried again') ? true : undefined));
  const container = await createContainer({
    providers: {
      main: {
        type: 'azure',
        connectionString: environment['ACS_HTTPS_CONNECTION_STRING'] ?? '',
        callbackUrl: `${app.origin}/ingest`,
        callbackSecret: secret,
        jwt: { audience: environment['ACS_RESOURCE_ID'] ?? '', jwksUrl: environment['ACS_HTTPS_JWKS_URL'] ?? '' },
        eventGrid: { secret },
        allowInsecureLoopback: true,
        connect: {
          address: environment['ACS_CONNECT_ADDRESS'] ?? '',
          ca: await readFile(environment['ACS_CA_FILE'] ?? '', 'utf8'),
        },
      },
    },
    publicUrl: app.origin,
    archive: { type: 'filesystem', path: join(folder, 'archive') },
  });
  const { recorder } = await container.getAsync(OnRecordToken);
  const ingest = toNodeHandler((request) => recorder.ingest(request));
  handler = async (request, response) => ingest(request, response);
  await until(async () => (run.err().includes('is subscribed') ? true : undefined));

  const placed = await ask(environment, 'POST', '/calls', {
    provider: 'azure',
    callbackUri: `${app.origin}/ingest`,
    participants: [caller, { name: 'agent', address: '+15550199' }],
  });
  expect(placed).toMatchObject({ status: 201, body: { leg: expect.stringMatching(/connect/) } });
  await until(async () => {
    const { body } = await ask(environment, 'GET', `/calls/${placed.body.id}`);
    return body.leg === 'connected' ? true : undefined;
  });
  const session = await recorder.start({
    call: azureServerCall(placed.body.ids),
    output: { media: 'audio', layout: 'mixed', container: 'wav' },
  });
  await until(async () => ((await ask(environment, 'GET', '/azure')).body.recordings.length === 1 ? true : undefined));
  await session.stop();
  const { artifacts } = await session.settled();
  const master = artifacts.find(({ role }) => role === 'master');
  expect(master?.state).toBe('stored');
  await container.unbindAllAsync();

  const copied = await until(async () => {
    const names = await readdir(join(folder, 'files/azure')).catch(() => []);
    return names.length === 2 ? names : undefined;
  });
  expect(copied.map((name) => name.split('.').at(-1)).sort()).toEqual(['json', 'wav']);
  const { body } = await ask(environment, 'DELETE', `/calls/${placed.body.id}`);
  expect(body).toMatchObject({ over: true, leg: 'disconnected' });
});

describe('the environment', () => {
  test('has both addresses, the certificate in a file, and an identity', async () => {
    const environment = await simulate('--azure-ca', 'azure-ca.pem');
    expect(environment).toMatchObject({
      ACS_CONNECTION_STRING: expect.stringMatching(/^endpoint=http:\/\/127\.0\.0\.1:\d+\/;accesskey=/),
      ACS_HTTPS_CONNECTION_STRING: expect.stringMatching(/^endpoint=https:\/\/onrecord\.communication\.azure\.com:/),
      ACS_CA_FILE: join(folder, 'azure-ca.pem'),
      NODE_EXTRA_CA_CERTS: join(folder, 'azure-ca.pem'),
      AZURE_AUTHORITY_HOST: expect.stringMatching(/^https:\/\/127\.0\.0\.1:/),
      AZURE_CLIENT_SECRET: expect.any(String),
    });
    expect(await readFile(join(folder, 'azure-ca.pem'), 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  test('names a temporary certificate that is gone with the command', async () => {
    const { ACS_CA_FILE: path = '' } = await simulate();
    expect(existsSync(path)).toBe(true);
    run.interrupt();
    expect(await run.ended).toBe(0);
    expect(existsSync(path)).toBe(false);
  });
});

describe('calls', () => {
  test('people join and leave, our connection ends, and the call goes on until everybody hangs up', async () => {
    handler = noting;
    const environment = await simulate(...fast);
    const { body: placed } = await ask(environment, 'POST', '/calls', {
      provider: 'azure',
      callbackUri: `${app.origin}/callbacks`,
      participants: [caller],
    });
    await eventually('CallConnected');
    const joined = await ask(environment, 'POST', `/calls/${placed.id}/participants`, {
      name: 'b b',
      address: '+15550111',
    });
    expect(joined).toMatchObject({
      status: 200,
      body: { participants: [{ name: 'caller' }, { name: 'b b', present: true }] },
    });
    const inCall = (count: number) => (data: Json) => (data['participants'] as readonly Json[]).length === count;
    await eventually('ParticipantsUpdated', inCall(2));
    heard.length = 0;
    const left = await ask(environment, 'DELETE', `/calls/${placed.id}/participants/b%20b`);
    expect(left.body.participants[1]).toMatchObject({ name: 'b b', present: false });
    await eventually('ParticipantsUpdated', inCall(1));
    const gone = await ask(environment, 'POST', `/calls/${placed.id}/hang-up`);
    expect(gone.body).toMatchObject({ leg: 'disconnected', over: false });
    await eventually('CallDisconnected');
    expect((await ask(environment, 'DELETE', `/calls/${placed.id}`)).body.over).toBe(true);
    expect((await ask(environment, 'POST', `/calls/${placed.id}/participants`, { name: 'late' })).status).toBe(409);
  });

  test('one that rings is told by Event Grid, and answered through the SDK', async () => {
    handler = noting;
    const environment = await simulate(...fast, '--event-grid', `${app.origin}/grid`);
    await until(async () => (run.err().includes('is subscribed') ? true : undefined));
    const { body: placed } = await ask(environment, 'POST', '/calls', {
      provider: 'azure',
      from: '+15550100',
      to: '+15550199',
      participants: [caller],
    });
    expect(placed).toMatchObject({ leg: 'ringing', over: false });
    const { incomingCallContext, from } = await eventually('IncomingCall');
    expect(from).toMatchObject({ rawId: '4:+15550100' });
    expect(placed.ids.incomingCallContext).toBe(incomingCallContext);
    await client(environment).answerCall(String(incomingCallContext), `${app.origin}/callbacks`);
    const { callConnectionId } = await eventually('CallConnected');
    const { body: now } = await ask(environment, 'GET', `/calls/${placed.id}`);
    expect(now).toMatchObject({ leg: 'connected', ids: { callConnectionId } });
  });

  test('a caller can give up before anybody answers', async () => {
    const environment = await simulate(...fast);
    const { body: placed } = await ask(environment, 'POST', '/calls', {
      provider: 'azure',
      from: '+15550100',
      to: '+15550199',
      participants: [caller],
    });
    expect((await ask(environment, 'DELETE', `/calls/${placed.id}`)).body).toMatchObject({ over: true, leg: 'none' });
    expect((await ask(environment, 'POST', `/calls/${placed.id}/hang-up`)).status).toBe(409);
  });

  test('one of Teams Phone has an agent and refuses what Teams Phone refuses', async () => {
    handler = noting;
    const environment = await simulate(...fast);
    const { body: placed } = await ask(environment, 'POST', '/calls', {
      provider: 'azure',
      callbackUri: `${app.origin}/callbacks`,
      profile: 'teams-phone',
      participants: [caller, { name: 'agent', teamsUser: 'b1f6a9c4-0000-4000-8000-000000000001' }],
    });
    const { participants } = await eventually('ParticipantsUpdated');
    expect(JSON.stringify(participants)).toMatch(/8:acs:[\w-]+_[\w-]+_b1f6a9c4/);
    expect(Buffer.from(placed.ids.serverCallId, 'base64').toString()).toContain('teams.microsoft.com');
    const recording = client(environment).getCallRecording();
    const callLocator = { kind: 'serverCallLocator', id: placed.ids.serverCallId } as const;
    await expect(recording.start({ callLocator })).rejects.toThrow(/callConnectionId/);
  });

  test('one without the application can be recorded by its group', async () => {
    const environment = await simulate(...fast);
    const groupCallId = '2f6b6e0c-0000-4000-8000-000000000001';
    const { body } = await ask(environment, 'POST', '/calls', {
      provider: 'azure',
      groupCallId,
      participants: [caller],
    });
    expect(body).toMatchObject({ leg: 'none', ids: { serverCallId: expect.any(String) } });
    const callLocator = { kind: 'groupCallLocator', id: groupCallId } as const;
    const { recordingId } = await client(environment).getCallRecording().start({ callLocator });
    expect((await ask(environment, 'GET', '/azure')).body.recordings).toEqual([recordingId]);
  });

  test.each([
    [
      'an address and an agent',
      { participants: [{ name: 'a', address: '+1', teamsUser: 'u' }] },
      /participants\.0\.teamsUser: give/,
    ],
    ['half a ringing call', { from: '+1', participants: [caller] }, /to: goes with the other one/],
    [
      'two beginnings',
      { from: '+1', to: '+2', callbackUri: 'http://127.0.0.1/', participants: [caller] },
      /callbackUri: is of/,
    ],
    [
      'speech of nobody',
      { cognitiveServicesEndpoint: 'https://x.example', participants: [caller] },
      /goes with callbackUri/,
    ],
    ['one name twice', { participants: [caller, caller] }, /participants: each need/],
    ['nobody', { participants: [] }, /participants: /],
    ['an unknown profile', { profile: 'teams', participants: [caller] }, /profile: /],
    ['a slip of the pen', { groupcallId: 'x', participants: [caller] }, /groupcallId/],
  ])('%s is refused with the member that is wrong', async (_, body, message) => {
    const environment = await simulate();
    const answer = await ask(environment, 'POST', '/calls', { provider: 'azure', ...body });
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(message) } });
  });
});

describe('troubles', () => {
  const started = async (environment: Environment) => {
    handler = noting;
    const placed = await ask(environment, 'POST', '/calls', {
      provider: 'azure',
      callbackUri: `${app.origin}/callbacks`,
      participants: [caller],
    });
    await eventually('CallConnected');
    const { callConnectionId } = placed.body.ids;
    const start = () =>
      client(environment)
        .getCallRecording()
        .start({ callConnectionId, recordingStateCallbackEndpointUrl: `${app.origin}/callbacks` });
    return { start };
  };

  test('a fault of a request happens as often as it was asked for, and is forgotten when told so', async () => {
    const environment = await simulate(...fast);
    const { start } = await started(environment);
    const fault = { match: 'StartRecording', fault: { name: 'throttled' }, times: 2 };
    expect((await ask(environment, 'POST', '/azure/faults', fault)).body.pending.faults).toBe(2);
    await expect(start()).rejects.toMatchObject({ statusCode: 429 });
    const { body } = await ask(environment, 'GET', '/azure');
    expect(body).toMatchObject({ pending: { faults: 1 }, requests: [{ operation: 'StartRecording', status: 429 }] });
    expect((await ask(environment, 'DELETE', '/azure/faults')).body.pending.faults).toBe(0);
    expect((await start()).recordingId).toEqual(expect.any(String));
  });

  test('the next start is accepted and fails', async () => {
    const environment = await simulate(...fast);
    const { start } = await started(environment);
    await ask(environment, 'POST', '/azure/failures', { next: 'start', code: 403, subCode: 7502, message: 'No.' });
    await start();
    expect(await eventually('StartRecordingFailed')).toMatchObject({ resultInformation: { subCode: 7502 } });
  });

  test('the next play is accepted and fails, and so does the next answer', async () => {
    const environment = await simulate(...fast);
    await started(environment);
    const [connected] = heard.map(({ data }) => data as Json);
    const failure = { code: 400, subCode: 8535 };
    await ask(environment, 'POST', '/azure/failures', { next: 'play', ...failure });
    await client(environment)
      .getCallConnection(String(connected?.['callConnectionId']))
      .getCallMedia()
      .playToAll([{ kind: 'fileSource', url: `${app.origin}/prompt.wav` }]);
    expect(await eventually('PlayFailed')).toMatchObject({ resultInformation: failure });

    await ask(environment, 'POST', '/azure/failures', { next: 'call', code: 500, subCode: 9999, message: 'Not now.' });
    const place = { provider: 'azure', from: '+15550100', to: '+15550199', participants: [caller] };
    const { body } = await ask(environment, 'POST', '/calls', place);
    await client(environment).answerCall(body.ids.incomingCallContext, `${app.origin}/callbacks`);
    expect(await eventually('AnswerFailed')).toMatchObject({
      resultInformation: { subCode: 9999, message: 'Not now.' },
    });
  });

  test.each([
    { name: 'throttled', retryAfterSeconds: 3 },
    { name: 'throttledFile' },
    { name: 'unavailableFile' },
    { name: 'serverError' },
    { name: 'htmlError' },
    { name: 'emptyFile' },
    { name: 'droppedBody', afterBytes: 10 },
    { name: 'lostAnswer' },
    { name: 'lostRequest' },
    { status: 503, headers: { 'retry-after': '1' }, body: 'busy' },
  ])('the fault %j can be asked for', async (fault) => {
    const environment = await simulate();
    const { status, body } = await ask(environment, 'POST', '/azure/faults', { match: 'GetCall', fault, skip: 1 });
    expect([status, body.pending.faults]).toEqual([200, 1]);
  });

  test('an event is lost once', async () => {
    const environment = await simulate(...fast);
    handler = noting;
    const fault = { match: 'CallConnected', fault: 'lost' };
    expect((await ask(environment, 'POST', '/azure/event-faults', fault)).body.pending.eventFaults).toBe(1);
    const place = { provider: 'azure', callbackUri: `${app.origin}/callbacks`, participants: [caller] };
    await ask(environment, 'POST', '/calls', place);
    await eventually('ParticipantsUpdated');
    expect(heard.map(({ type }) => type)).toEqual(['Microsoft.Communication.ParticipantsUpdated']);
    expect((await ask(environment, 'GET', '/azure')).body.pending.eventFaults).toBe(0);
  });

  test('an export goes to where the account really is, and shows how it ended', async () => {
    const urls: string[] = [];
    const blob = await listen(async (request, response) => {
      urls.push(request.url ?? '');
      await readBody(request);
      const headers = { 'content-type': 'application/xml', 'x-ms-error-code': 'ContainerNotFound' };
      const body = '<?xml version="1.0"?><Error><Code>ContainerNotFound</Code><Message>None.</Message></Error>';
      sendAnswer(request, response, { status: 404, headers, body });
    });
    const environment = await simulate(...fast, '--blob-account', `mine=${blob.origin},a2V5`);
    handler = noting;
    const placed = await ask(environment, 'POST', '/calls', {
      provider: 'azure',
      callbackUri: `${app.origin}/callbacks`,
      participants: [caller],
      hangUpAfterMs: 500,
    });
    await eventually('CallConnected');
    await client(environment)
      .getCallRecording()
      .start({
        callConnectionId: placed.body.ids.callConnectionId,
        recordingContent: 'audio',
        recordingFormat: 'wav',
        recordingStorage: {
          recordingStorageKind: 'azureBlobStorage',
          recordingDestinationContainerUrl: 'https://mine.blob.core.windows.net/rec',
        },
      });
    const [attempt] = await until(async () => {
      const { exports } = (await ask(environment, 'GET', '/azure')).body;
      return exports.length > 0 ? exports : undefined;
    });
    expect(attempt).toMatchObject({
      url: expect.stringMatching(/^https:\/\/mine\.blob/),
      failure: 'ContainerNotFound',
    });
    expect(urls[0]).toMatch(/^\/mine\/rec\//);
    await blob.close();
  });

  test.each([
    ['/azure/faults', { fault: { name: 'bored' } }, /fault: /],
    ['/azure/faults', { fault: { status: 99 }, times: 0 }, /times: /],
    ['/azure/faults', {}, /fault: /],
    ['/azure/event-faults', { fault: 'stolen' }, /fault: /],
    ['/azure/event-faults', { fault: 'lost', typ: 'x' }, /typ/],
    ['/azure/failures', { next: 'start', code: 200, subCode: 0 }, /code: /],
    ['/azure/failures', { next: 'stop' }, /next: /],
  ])('%s refuses %j with the member that is wrong', async (path, body, message) => {
    const environment = await simulate();
    expect(await ask(environment, 'POST', path, body)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(message) },
    });
  });

  test('what there is not is answered with what there is', async () => {
    const environment = await simulate();
    for (const [method, path] of [
      ['GET', '/azure/faults'],
      ['POST', '/azure/faults/x'],
      ['PUT', '/calls'],
      ['DELETE', '/calls/a/participants/b/c'],
    ] as const) {
      const { status, body } = await ask(environment, method, path);
      expect([path, status]).toEqual([path, 404]);
      expect(body.error).toContain('/azure/faults');
    }
  });
});

test('what --files copied can be listened to', async () => {
  handler = noting;
  const environment = await simulate(...fast, '--files', 'files');
  const placed = await ask(environment, 'POST', '/calls', {
    provider: 'azure',
    callbackUri: `${app.origin}/callbacks`,
    participants: [caller],
    hangUpAfterMs: 700,
  });
  await eventually('CallConnected');
  const { callConnectionId } = placed.body.ids;
  await client(environment)
    .getCallRecording()
    .start({ callConnectionId, recordingFormat: 'wav', recordingContent: 'audio' });
  const path = await until(async () => /^(\/.*\.wav)$/m.exec(run.err())?.[1]);
  const { channels, sampleRate } = await decodeAudio(await readFile(path), 'wav');
  expect(toneLevel(channels[0]!, sampleRate, 440)).toBeGreaterThan(-30);
});
