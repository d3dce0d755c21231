import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknownUnder } from '@onrecord/adapter-azure';
import { systemClock } from '@onrecord/core';
import { type Endpoint, listen, type SimulatedAzure, sendAnswer, startAzure } from '@onrecord/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../testing/run-command.ts';
import type { Check } from '../check.ts';

const secret = 'a secret of enough length';
const blobAccount = (name: string) =>
  `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/${name};`;
let folder: string;
let azure: SimulatedAzure;
let others: Endpoint[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-doctor-azure-'));
  azure = await startAzure({ clock: systemClock });
  others = [];
});
afterEach(async () => {
  await azure.close();
  for (const other of others) await other.close();
  await rm(folder, { recursive: true });
});

/** What doctor finds of one provider of Azure, and of nothing else. */
async function doctor(options: object, more: object = {}) {
  const { connectionString } = azure.plain;
  const main = { type: 'azure', connectionString, allowInsecureLoopback: true, ...options };
  await writeFile(join(folder, 'onrecord.config.json'), JSON.stringify({ providers: { main }, ...more }));
  const { code, out } = await runCommand(['doctor', '--json', '--no-write', '--timeout', '1'], { folder });
  const { checks } = JSON.parse(out) as { readonly checks: readonly Check[] };
  return { code, out, find: (id: string) => checks.find((check) => check.id === `providers.main.${id}`) };
}

async function server(answer: Parameters<typeof sendAnswer>[2]): Promise<string> {
  const endpoint = await listen(async (request, response) => sendAnswer(request, response, answer));
  others.push(endpoint);
  return endpoint.origin;
}

test('a provider with everything in place has nothing wrong', async () => {
  const { code, find, out } = await doctor(
    {
      callbackUrl: 'https://app.example/ingest',
      callbackSecret: secret,
      jwt: { audience: azure.resourceId, jwksUrl: azure.plain.jwksUrl },
      eventGrid: { secret },
    },
    { publicUrl: 'https://app.example' },
  );
  expect(code).toBe(0);
  expect(find('reach')?.message).toBe('Call Automation answers, and takes this key.');
  for (const id of ['reach', 'clock', 'callback', 'keys']) expect([id, find(id)?.status]).toEqual([id, 'ok']);
  expect(find('event-grid')).toMatchObject({ status: 'skipped', fix: expect.stringContaining('?secret=…') });
  expect(find('speech')?.fix).toContain('cognitiveServicesEndpoint');
  expect(out).not.toContain(secret);
  expect(out).not.toContain(azure.accessKey);
});

test('a provider of the https address is reached through connect, its keys too', async () => {
  const { connectionString, ca, jwksUrl, resourceId } = azure;
  const jwt = { audience: resourceId, jwksUrl };
  const { find } = await doctor({ connectionString, jwt, connect: { address: '127.0.0.1', ca } });
  expect(find('reach')?.status).toBe('ok');
  expect(find('clock')?.status).toBe('ok');
  expect(find('keys')).toMatchObject({ status: 'ok', message: expect.stringMatching(/1 of 1 sign with RSA/) });
});

test('a key that is not taken is a failure of reach alone', async () => {
  const { endpoint } = azure.plain;
  const wrong = Buffer.from('another key').toString('base64');
  const { find, code } = await doctor({
    connectionString: `endpoint=${endpoint};accesskey=${wrong}`,
    eventGrid: { secret },
  });
  expect(find('reach')).toMatchObject({ status: 'failed', message: expect.stringMatching(/^azure: ./) });
  expect(find('reach')?.message).not.toContain(wrong);
  expect(find('clock')?.status).toBe('ok');
  expect(code).toBe(1);
});

test('an identity of Microsoft Entra is asked for a token, and told apart from a key', async () => {
  const { endpoint, ca, entra } = azure;
  const identity = { type: 'client-secret', ...entra, disableInstanceDiscovery: true };
  const connect = { address: '127.0.0.1', ca };
  const given = { endpoint, connect, connectionString: undefined };
  const right = await doctor({ ...given, credential: { entra: identity } });
  expect(right.find('reach')).toMatchObject({
    status: 'ok',
    message: 'Call Automation answers, and takes the tokens of this identity.',
  });
  const wrong = await doctor({ ...given, credential: { entra: { ...identity, clientSecret: 'no such secret' } } });
  expect(wrong.find('reach')?.status).toBe('failed');
  expect(wrong.out).not.toContain('no such secret');
});

test('days on which something ends are told with an id and their page', async () => {
  const { find, code } = await doctor({ eventGrid: { secret } });
  expect(find('lifetime.sign-up')).toMatchObject({ status: 'warning', message: expect.stringContaining('2026') });
  expect(find('lifetime.standalone-end')).toMatchObject({
    status: 'warning',
    message: expect.stringMatching(/30 September 2028.*acs-retirement-and-breaking-changes-guide/),
  });
  expect(code).toBe(0);
});

describe('the clock', () => {
  test.each([
    [-120_000, 'warning', /120 s ahead of/],
    [3_600_000, 'failed', /3600 s behind/],
  ] as const)('off by %d ms is a %s', async (offMs, status, message) => {
    const headers = { date: new Date(Date.now() + offMs).toUTCString(), 'content-type': 'application/json' };
    const body = '{"error":{"code":"8522","message":"Recording not found."}}';
    const origin = await server({ status: 404, headers, body });
    const { find } = await doctor({ connectionString: `endpoint=${origin};accesskey=a2V5` });
    const [seconds] = /\d+/.exec(find('clock')?.message.match(/\d+ s/)?.[0] ?? '') ?? [];
    expect(Math.abs(Number(seconds) - Math.abs(offMs) / 1_000)).toBeLessThanOrEqual(2);
    expect(find('clock')).toMatchObject({ status, fix: expect.stringContaining('NTP') });
    expect(find('clock')?.message.replace(/\d+ s/, `${Math.abs(offMs) / 1_000} s`)).toMatch(message);
  });

  test('is not compared where nothing answers, and that is no second failure', async () => {
    const { find } = await doctor({ connectionString: 'endpoint=http://127.0.0.1:9;accesskey=a2V5' });
    expect(find('reach')?.status).toBe('failed');
    expect(find('clock')?.status).toBe('skipped');
  });
});

describe('the keys of callback tokens', () => {
  test.each([
    ['HTML', '<html></html>', 200, /no set of keys/],
    ['an empty set', '{"keys":[]}', 200, /no set of keys/],
    ['keys of another kind', '{"keys":[{"kty":"EC"}]}', 200, /no RSA key/],
    ['an error', '', 503, /answered 503/],
    ['more than can be keys', ' '.repeat(2_000_000), 200, /larger than 1 MiB/],
  ])('%s is a failure', async (_, body, status, message) => {
    const origin = await server({ status, headers: {}, body });
    const { find, code } = await doctor({ jwt: { audience: 'a', jwksUrl: `${origin}/keys` } });
    expect(find('keys')).toMatchObject({ status: 'failed', message: expect.stringMatching(message) });
    expect(code).toBe(1);
  });

  test('are not looked for without jwt', async () => {
    const { find } = await doctor({});
    expect(find('keys')).toMatchObject({ status: 'skipped', fix: expect.stringContaining('audience') });
  });
});

describe('webhooks', () => {
  test('without callbackUrl or a secret of Event Grid are named, with what it costs', async () => {
    const { find, code } = await doctor({});
    expect(find('callback')).toMatchObject({ status: 'warning', fix: expect.stringContaining('callbackSecret') });
    expect(find('event-grid')).toMatchObject({ status: 'failed', message: expect.stringContaining('24 hours') });
    expect(code).toBe(1);
  });

  test('over http, or on another origin than publicUrl, are warned of', async () => {
    const own = { callbackSecret: secret, eventGrid: { secret } };
    const plain = await doctor({ ...own, callbackUrl: 'http://127.0.0.1:1/cb' });
    expect(plain.find('callback')).toMatchObject({ status: 'warning', message: expect.stringContaining('http://') });
    const elsewhere = await doctor({ ...own, callbackUrl: 'https://a.example/cb' }, { publicUrl: 'https://b.example' });
    expect(elsewhere.find('callback')?.message).toMatch(/a\.example.*b\.example/);
  });

  test('from a queue need no secret', async () => {
    const { find } = await doctor({ eventGrid: { queue: true } });
    expect(find('event-grid')).toMatchObject({ status: 'skipped', message: expect.stringContaining('queue') });
  });
});

describe('a container of one’s own', () => {
  const storage = (containerUrl: string) => ({ recordingStorage: { containerUrl } });
  const landing = (container: string, prefix?: string) => ({
    landing: { type: 'azure-blob', container, connectionString: blobAccount('mine'), ...(prefix ? { prefix } : {}) },
  });

  test.each([
    ['the container', 'https://mine.blob.core.windows.net/rec', landing('rec'), 'skipped', /whether the service may/],
    ['a place below', 'https://mine.blob.core.windows.net/rec/2026', landing('rec', '2026/'), 'skipped', /rec\/2026/],
    ['no landing store', 'https://mine.blob.core.windows.net/rec', {}, 'failed', /no landing store/],
    ['another container', 'https://mine.blob.core.windows.net/rec', landing('other'), 'failed', /looks in azblob:/],
    ['another account', 'https://yours.blob.core.windows.net/rec', landing('rec'), 'failed', /none would be found/],
    ['a place elsewhere', 'https://mine.blob.core.windows.net/rec/a', landing('rec', 'b/'), 'failed', /none would be/],
  ])('%s', async (_, url, more, status, message) => {
    const { find } = await doctor({ ...storage(url), ...more });
    expect(find('recording-storage')).toMatchObject({ status, message: expect.stringMatching(message) });
  });

  test('that recordings share (`recordingStorage.perRecording`) is warned of', async () => {
    const recordingStorage = { containerUrl: 'https://mine.blob.core.windows.net/rec', perRecording: false };
    const { find } = await doctor({ recordingStorage, ...landing('rec') });
    expect(find('recording-storage')).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/one whose event is lost is missing; whether the service may/),
      fix: expect.stringContaining('perRecording'),
    });
  });

  test('that can be listed is in reach', async () => {
    const body = `<?xml version="1.0"?><EnumerationResults ContainerName="rec"><Blobs></Blobs><NextMarker/></EnumerationResults>`;
    const origin = await server({ status: 200, headers: { 'content-type': 'application/xml' }, body });
    const connection = `DefaultEndpointsProtocol=http;AccountName=mine;AccountKey=a2V5;BlobEndpoint=${origin}/mine;`;
    const { find } = await doctor({
      ...storage('https://mine.blob.core.windows.net/rec'),
      landing: { type: 'azure-blob', container: 'rec', connectionString: connection },
    });
    expect(find('landing')).toMatchObject({ status: 'ok', message: 'azblob://mine/rec/ can be listed.' });
    expect(find('recording-storage')?.status).toBe('skipped');
  });

  test('that lands what nobody writes is warned of', async () => {
    const { find } = await doctor(landing('rec'));
    expect(find('recording-storage')).toMatchObject({ status: 'warning' });
    expect(find('landing')?.status).toBe('failed');
  });
});

describe('the profile teams-phone', () => {
  test('lists all that is unknown, with its page, and what is attempted as a warning', async () => {
    const { find } = await doctor({ profile: 'teams-phone', attempt: ['mp3'], eventGrid: { secret } });
    for (const { what, source } of unknownUnder('teams-phone')) {
      expect(find(`unknown.${what}`)).toMatchObject({
        status: what === 'mp3' ? 'warning' : 'skipped',
        message: expect.stringContaining(source),
      });
    }
    expect(find('unknown.mp4')?.fix).toContain("'mp4'");
    expect(find('teams-phone.announcement')).toMatchObject({ status: 'warning' });
    expect(find('lifetime.teams-phone-only')).toMatchObject({ status: 'warning' });
    expect(find('lifetime.sign-up')).toBeUndefined();
  });
});
