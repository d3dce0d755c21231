import { type Artifact, OnRecordError, systemClock } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asterisk } from '../driver.ts';
import { type Answering, answering } from '../testing/answering.ts';
import { mediaUri } from './media-uri.ts';

const name = 'onrecord/6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1/mixed';
const context = { clock: systemClock, signal: new AbortController().signal };

function artifact(source: string): Artifact {
  return {
    id: 'a',
    mediaKey: source,
    partId: 'p1',
    role: 'master',
    state: 'available',
    location: source,
    source,
    tracks: [],
  };
}

async function read(answer: Answering, source?: (url: string) => string, first = 0): Promise<unknown> {
  await using server = await answering((request) =>
    request.path.includes('/live/') ? { status: 404, body: '{"message":"Recording not found"}' } : answer(request),
  );
  const driver = asterisk({ url: server.url, username: 'u', password: 'p' });
  const file = artifact(source?.(server.url) ?? mediaUri(name));
  try {
    const { body } = await driver.doOpenArtifact(file, { range: { first } }, context);
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  } catch (error) {
    const judged = driver.classifyError(error);
    return { code: judged.code, retry: judged.retry, requests: server.requests.length };
  }
}

const wav = { 'content-type': 'audio/wav' };

test('a file is read whole, or from where it broke off', async () => {
  const answer: Answering = () => ({ status: 200, headers: wav, body: 'RIFF and the rest' });
  expect(await read(answer)).toBe('RIFF and the rest');
  expect(await read(answer, undefined, 5)).toBe('and the rest');
  expect(await read(answer, undefined, 99)).toBe('');
});

test('a file that breaks off is an error, never a short file', async () => {
  const cut: Answering = () => ({ status: 200, headers: { ...wav, 'content-length': '99' }, body: 'RIFF' });
  expect(await read(cut)).not.toBe('RIFF');
});

test('what is no file is none', async () => {
  expect(await read(() => ({ status: 200, body: '{}' }))).toMatchObject({ code: 'provider-contract', retry: 'never' });
  expect(await read(() => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }))).toMatchObject({
    code: 'provider-contract',
    retry: 'never',
  });
  expect(await read(() => ({ status: 404, body: '{"message":"Recording not found"}' }))).toMatchObject({
    code: 'not-found',
  });
});

test('a file is found again when the server has another address', async () => {
  const { pathname } = new URL(mediaUri(name));
  expect(mediaUri(name)).toBe(`asterisk:${pathname}`);
});

test.each<[string, (url: string) => string]>([
  ['the server by its address', (url) => `${url}/recordings/stored/${encodeURIComponent(name)}/file`],
  ['another server', () => `https://evil.example/ari/recordings/stored/${encodeURIComponent(name)}`],
  ['a host in the name of a recording', () => mediaUri(name).replace('asterisk:/', 'asterisk://evil.example/')],
  ['another scheme', () => 'file:///etc/passwd'],
  ['another resource', () => 'asterisk:/asterisk/info'],
  ['a recording of somebody else', () => mediaUri('calls/mixed-1')],
  ['a way out', () => mediaUri('../etc/passwd')],
  ['another spelling', () => `asterisk:/recordings/stored/${name}`],
  ['a query', () => `${mediaUri(name)}?x=1`],
])('nothing is asked of %s', async (_name, source) => {
  expect(await read(() => ({ status: 200, headers: wav, body: 'x' }), source)).toEqual({
    code: 'unsupported',
    retry: 'never',
    requests: 0,
  });
});

test('a deletion of what is elsewhere is refused, too', async () => {
  const driver = asterisk({ url: 'http://127.0.0.1:8088/ari', username: 'u', password: 'p' });
  const error = await driver
    .doDeleteArtifact(artifact('file:///etc/passwd'), {}, context)
    .catch((thrown: unknown) => thrown);
  expect(OnRecordError.is(error, 'unsupported')).toBe(true);
});
