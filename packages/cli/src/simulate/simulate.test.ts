import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChimeSDKMeetingsClient, CreateMeetingCommand } from '@aws-sdk/client-chime-sdk-meetings';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { toneLevel, wavBytes } from '@onrecord/core/media';
import { decodeAudio, listen, readBody } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CommandRun, runCommand, startCommand } from '../testing/run-command.ts';

const freePorts = ['--chime-port', '--s3-port', '--azure-port', '--azure-http-port', '--port'].flatMap((name) => [
  name,
  '0',
]);
let folder: string;
let run: CommandRun | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-simulate-'));
});
afterEach(async () => {
  run?.interrupt();
  await run?.ended;
  run = undefined;
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Starts it and puts what it prints into this process's environment, where an untouched SDK finds its addresses and keys. */
async function simulate(...argv: readonly string[]): Promise<Readonly<Record<string, string>>> {
  run = startCommand(['simulate', '--json', ...freePorts, ...argv], { folder });
  const environment = JSON.parse(await run.wrote((out) => out.endsWith('\n'))) as Record<string, string>;
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return environment;
}

function post(environment: Readonly<Record<string, string>>, path: string, body: unknown, headers = {}) {
  const json = { 'content-type': 'application/json', ...headers };
  const bytes = body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
  return fetch(`${environment['ONRECORD_SIMULATOR']}${path}`, { method: 'POST', headers: json, body: bytes });
}

const lambda = `
export const handler = async (event) => {
  const CallId = event.CallDetails.Participants[0].CallId;
  if (event.InvocationEventType !== 'NEW_INBOUND_CALL') return { SchemaVersion: '1.0', Actions: [] };
  return { SchemaVersion: '1.0', Actions: [
    { Type: 'Speak', Parameters: { Text: 'Hello.', CallId } },
    { Type: 'StartCallRecording', Parameters: { CallId, Track: 'INCOMING', Destination: { Type: 'S3', Location: 'recordings' } } },
  ] };
};`;

describe('onrecord simulate', () => {
  test('prints what an untouched SDK needs, and ends when it is interrupted', async () => {
    const environment = await simulate('--write-env', 'sim.env', '--bucket', 'one', 'two');
    const text = await readFile(join(folder, 'sim.env'), 'utf8');
    expect(text).toContain(`AWS_ENDPOINT_URL_S3=${environment['AWS_ENDPOINT_URL_S3']}\n`);
    const s3 = new S3Client();
    const meetings = new ChimeSDKMeetingsClient();
    expect((await s3.send(new ListObjectsV2Command({ Bucket: 'two' }))).KeyCount).toBe(0);
    const { Meeting } = await meetings.send(
      new CreateMeetingCommand({ ClientRequestToken: 'token', MediaRegion: 'us-east-1', ExternalMeetingId: 'm-1' }),
    );
    const joined = await post(environment, '/calls', {
      provider: 'chime-meeting',
      meetingId: Meeting?.MeetingId,
      attendees: [{ externalUserId: 'anna', voice: { toneHz: 500 } }],
    });
    expect(joined.status).toBe(201);
    expect(await joined.json()).toMatchObject({ ids: { meetingId: Meeting?.MeetingId }, over: false });
    run?.interrupt();
    expect(await run?.ended).toBe(0);
    await expect(fetch(`${environment['ONRECORD_SIMULATOR']}/calls`)).rejects.toThrow();
  });

  test('a WAV file that is sent becomes a call, and its voice is in the recording', async () => {
    await writeFile(join(folder, 'handler.mjs'), lambda);
    const environment = await simulate('--lambda', './handler.mjs', '--files', 'files');
    const samples = Int16Array.from(
      { length: 16_000 },
      (_, index) => 8_000 * Math.sin((2 * Math.PI * 700 * index) / 16_000),
    );
    const wav = wavBytes({ channels: [samples], sampleRate: 16_000 });
    const placed = await post(environment, '/calls?from=%2B15550123&to=%2B15550199', wav, {
      'content-type': 'audio/wav',
    });
    expect(placed.status).toBe(201);
    const { id } = (await placed.json()) as { readonly id: string };
    const s3 = new S3Client();
    const key = await eventually(async () => {
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'recordings' }));
      return Contents?.[0]?.Key;
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'recordings', Key: key }));
    const { channels, sampleRate } = await decodeAudio((await Body?.transformToByteArray()) ?? new Uint8Array(), 'wav');
    expect(toneLevel(channels[0]!, sampleRate, 700)).toBeGreaterThan(-25);
    expect(await (await fetch(`${environment['ONRECORD_SIMULATOR']}/calls/${id}`)).json()).toMatchObject({
      over: true,
      legs: [{ tag: 'LEG-A', status: 'Disconnected', recorded: true }],
    });
    const copy = await eventually(() => readFile(join(folder, 'files/recordings', key)).catch(() => undefined));
    expect(copy.subarray(0, 4).toString()).toBe('RIFF');
  });

  test('an Azure call tells the application, which finds it through its own SDK', async () => {
    const heard: string[] = [];
    const app = await listen(async (request, response) => {
      heard.push((await readBody(request)).toString());
      response.writeHead(200).end();
    });
    const environment = await simulate();
    const placed = await post(environment, '/calls', {
      provider: 'azure',
      callbackUri: `${app.origin}/callbacks`,
      participants: [{ name: 'caller', address: '+15550100', voice: { toneHz: 440 } }],
      hangUpAfterMs: 600_000,
    });
    const { ids } = (await placed.json()) as { readonly ids: { readonly callConnectionId: string } };
    await eventually(async () => heard.find((text) => text.includes('CallConnected')));
    const client = new CallAutomationClient(environment['ACS_CONNECTION_STRING'] ?? '', {
      allowInsecureConnection: true,
    });
    const properties = await client.getCallConnection(ids.callConnectionId).getCallConnectionProperties();
    expect(properties.callConnectionState).toBe('connected');
    await app.close();
  });

  test.each([
    ['no JSON', '{', 400, 'no JSON'],
    ['an unknown provider', { provider: 'twilio' }, 400, 'chime-sma'],
    ['several faults at once', { provider: 'chime-sma', from: 'anna' }, 400, /from: .*\nto: /],
    ['a member that does not exist', { provider: 'chime-meeting', attendees: [{}], form: '1' }, 400, 'form'],
    [
      'a SIP media application without a function',
      { provider: 'chime-sma', from: '+15550100', to: '+15550101' },
      409,
      '--lambda',
    ],
    [
      'a meeting that is not there',
      { provider: 'chime-meeting', meetingId: 'x', attendees: [{}] },
      404,
      'no meeting x',
    ],
    [
      'a file outside the audio folder',
      { provider: 'chime-meeting', attendees: [{ voice: { wav: '../a.wav' } }] },
      400,
      'not a file of the audio folder',
    ],
    [
      'a file that is no WAV',
      { provider: 'chime-meeting', attendees: [{ voice: { wav: 'notes.txt' } }] },
      400,
      'audio cannot be used',
    ],
  ])('%s is refused with the reason', async (_, body, status, message) => {
    await writeFile(join(folder, 'notes.txt'), 'no audio');
    const environment = await simulate();
    const answer =
      typeof body === 'string'
        ? await post(environment, '/calls', new TextEncoder().encode(body))
        : await post(environment, '/calls', body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { readonly error: string }).error).toMatch(message);
  });

  test('no web page places a call, and no other host name reaches it', async () => {
    const environment = await simulate();
    const page = await post(environment, '/calls', {}, { origin: 'https://example.com' });
    expect(page.status).toBe(403);
  });

  test('a port in use is said by its number', async () => {
    const taken = await listen(async () => {});
    const { code, err } = await runCommand(['simulate', ...freePorts, '--s3-port', String(taken.port)], { folder });
    expect(code).toBe(1);
    expect(err).toContain(String(taken.port));
    await taken.close();
  });

  test.each([
    [['--port', 'x'], '--port takes a port'],
    [['--events', 'ftp://x'], '--events takes an http or https URL'],
    [['--events-header', 'a: b'], '--events-header goes with --events'],
    [['--event-grid-schema', 'CustomInputSchema'], '--event-grid-schema takes EventGridSchema'],
    [['--event-grid', 'nowhere'], '--event-grid takes an http or https URL'],
    [['--blob-account', 'mine'], '--blob-account takes name='],
    [['--azure-behaviour', 'settleMs=soon'], '--azure-behaviour is wrong:\n- settleMs: '],
    [['--events', 'http://127.0.0.1', '--events-header', 'nothing'], '"name: value"'],
  ])('%s is refused as usage', async (argv, message) => {
    const { code, err } = await runCommand(['simulate', ...freePorts, ...argv], { folder });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

/** Asks again until there is an answer: these servers run on the machine's clock. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
