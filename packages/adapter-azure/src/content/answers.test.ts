import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { rejection } from '../testing/scene.ts';
import { file, type RawAnswer, rawHost } from './testing/raw-host.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('base64');

describe('DownloadContent: a whole file', () => {
  test.each<[string, RawAnswer]>([
    ['its Content-Length', { status: '200 OK', headers: ['Content-Length: 6'], body: 'abcdef' }],
    [
      'a Content-Range on a 200, as the service sends it',
      { status: '200 OK', headers: ['Content-Length: 6', 'Content-Range: bytes 0-5/6'], body: 'abcdef' },
    ],
    ['a Content-Range alone', { status: '200 OK', headers: ['Content-Range: bytes 0-5/6'], body: 'abcdef' }],
    [
      'chunks, whose end proves that it is whole',
      { status: '200 OK', headers: ['Transfer-Encoding: chunked'], body: '3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n' },
    ],
    [
      'a Content-MD5 that is right',
      { status: '200 OK', headers: ['Content-Length: 6', `Content-MD5: ${md5('abcdef')}`], body: 'abcdef' },
    ],
  ])('is told by %s', async (_name, answer) => {
    await using host = await rawHost(answer);
    expect(await host.read(file())).toBe('abcdef');
    expect(host.heads[0]).toMatch(/^accept-encoding: identity\r$/im);
  });
});

describe('DownloadContent: what is no whole file is to be read anew', () => {
  test.each<[string, RawAnswer, string]>([
    ['no byte at all', { status: '200 OK', headers: ['Content-Length: 0'] }, 'without a single byte'],
    [
      'no byte in chunks',
      { status: '200 OK', headers: ['Transfer-Encoding: chunked'], body: '0\r\n\r\n' },
      'without a single byte',
    ],
    ['no length and no chunks', { status: '200 OK', body: 'abc' }, 'nobody can tell whether it is whole'],
    [
      'two lengths',
      { status: '200 OK', headers: ['Content-Length: 6', 'Content-Range: bytes 0-8/9'], body: 'abcdef' },
      'announced 6 bytes, and 9 in its Content-Range',
    ],
    [
      'a Content-Range beyond its own total',
      { status: '200 OK', headers: ['Content-Length: 6', 'Content-Range: bytes 0-5/4'], body: 'abcdef' },
      'makes no sense',
    ],
    [
      'a Content-Range that is none',
      { status: '200 OK', headers: ['Content-Length: 6', 'Content-Range: pages 1-2'], body: 'abcdef' },
      'makes no sense',
    ],
    [
      'a Content-Range of sizes that no number holds',
      { status: '206 Partial Content', headers: ['Content-Range: bytes 0-99999999999999999998/99999999999999999999'] },
      'makes no sense',
    ],
    [
      'a part that does not say which',
      { status: '206 Partial Content', headers: ['Content-Length: 6'], body: 'abcdef' },
      'without saying which part',
    ],
    [
      'the middle of it',
      { status: '200 OK', headers: ['Content-Length: 6', 'Content-Range: bytes 4-9/10'], body: 'abcdef' },
      'began at byte 4 where byte 0 was asked for',
    ],
    [
      'a page, by its type',
      { status: '200 OK', headers: ['Content-Length: 3', 'Content-Type: Text/HTML; charset=utf-8'], body: 'abc' },
      'a page of HTML',
    ],
    [
      'a page, by its looks',
      { status: '200 OK', headers: ['Content-Length: 17'], body: ' <!DOCTYPE html> ' },
      'a page of HTML or JSON',
    ],
    [
      'JSON, by its type',
      { status: '200 OK', headers: ['Content-Length: 2', 'Content-Type: application/json'], body: '{}' },
      'came as JSON',
    ],
    [
      'JSON, by its looks',
      { status: '200 OK', headers: ['Content-Length: 12'], body: '{"status":1}' },
      'a page of HTML or JSON',
    ],
    [
      'a page that comes in small pieces',
      {
        status: '200 OK',
        headers: ['Transfer-Encoding: chunked'],
        body: '1\r\n<\r\n1\r\nh\r\n5\r\ntml>x\r\n0\r\n\r\n',
      },
      'a page of HTML or JSON',
    ],
    [
      'an encoding that nobody asked for',
      { status: '200 OK', headers: ['Content-Length: 3', 'Content-Encoding: gzip'], body: 'abc' },
      'came encoded (gzip)',
    ],
    [
      'other bytes than its Content-MD5 says',
      { status: '200 OK', headers: ['Content-Length: 6', `Content-MD5: ${md5('abcdeF')}`], body: 'abcdef' },
      'other bytes than its Content-MD5 says',
    ],
  ])('%s', async (_name, answer, words) => {
    await using host = await rawHost(answer);
    const error = await rejection(host.read(file()));
    expect(error).toMatchObject({ code: 'integrity-failed', retry: 'safe', message: expect.stringContaining(words) });
  });
});

describe('DownloadContent: what breaks off may be read on', () => {
  test.each<[string, RawAnswer, string]>([
    ['less than its length', { status: '200 OK', headers: ['Content-Length: 6'], body: 'abc' }, '3 of 6'],
    [
      'chunks without the last one',
      { status: '200 OK', headers: ['Transfer-Encoding: chunked'], body: '3\r\nabc\r\n' },
      '3 of an unknown number',
    ],
    [
      'a part that ends before the file does',
      { status: '206 Partial Content', headers: ['Content-Length: 3', 'Content-Range: bytes 0-2/6'], body: 'abc' },
      '3 of 6',
    ],
  ])('%s', async (_name, answer, words) => {
    await using host = await rawHost(answer);
    const error = await rejection(host.read(file()));
    expect(error).toMatchObject({ code: 'unavailable', retry: 'safe', message: expect.stringContaining(words) });
  });
});

test('DownloadContent: a connection that says nothing more is let go of with its reader', async () => {
  await using host = await rawHost({ status: '200 OK', headers: ['Content-Length: 6'], body: 'abc', stalls: true });
  const { body } = await host.driver.doOpenArtifact(file(), {}, host.context);
  const reader = body[Symbol.asyncIterator]();
  expect((await reader.next()).value).toEqual(Buffer.from('abc'));
  const awaited = rejection(Promise.resolve(reader.next()));
  await reader.return?.();
  await host.closed;
  expect(await awaited).toMatchObject({ code: 'unavailable' });
});

describe('DownloadContent: reading on from byte 3', () => {
  const begun: RawAnswer = { status: '200 OK', headers: ['Content-Length: 6', 'ETag: "1"'], body: 'abc' };
  const rest = (more: readonly string[], body = 'def', status = '206 Partial Content'): RawAnswer => ({
    status,
    headers: [`Content-Length: ${body.length}`, ...more],
    body,
  });

  test.each<[string, RawAnswer, string]>([
    ['the rest', rest(['Content-Range: bytes 3-5/6', 'ETag: "1"']), 'def'],
    ['the rest of an unknown total', rest(['Content-Range: bytes 3-5/*']), 'def'],
    ['the whole file, since the host ignores the range', rest(['ETag: "1"'], 'abcdef', '200 OK'), 'def'],
    ['the whole file with a Content-Range', rest(['Content-Range: bytes 0-5/6'], 'abcdef', '200 OK'), 'def'],
  ])('takes %s', async (_name, answer, expected) => {
    await using host = await rawHost(begun, answer);
    const artifact = file();
    await rejection(host.read(artifact));
    expect(await host.read(artifact, 3)).toBe(expected);
    expect(host.heads[1]).toMatch(/^range: bytes=3-\r$/im);
  });

  test('finds nothing more behind the last byte', async () => {
    const end = { status: '416 Range Not Satisfiable', headers: ['Content-Range: bytes */6', 'Content-Length: 0'] };
    await using host = await rawHost(end);
    const opened = await host.driver.doOpenArtifact(file(), { range: { first: 6 } }, host.context);
    expect(opened.bytes).toBe(6);
    for await (const _piece of opened.body) expect.unreachable('there is nothing');
  });

  test.each<[string, RawAnswer, string]>([
    ['a part that begins later', rest(['Content-Range: bytes 4-5/6'], 'ef'), 'began at byte 4 where byte 3'],
    ['a part that begins earlier', rest(['Content-Range: bytes 2-5/6'], 'cdef'), 'began at byte 2 where byte 3'],
    ['a file of another length', rest(['Content-Range: bytes 3-8/9'], 'defghi'), 'has 9 bytes now, and had 6'],
    ['a whole file of another length', rest([], 'abcdefghi', '200 OK'), 'has 9 bytes now, and had 6'],
    ['a file of another ETag', rest(['Content-Range: bytes 3-5/6', 'ETag: "2"']), 'another version'],
    [
      'a file that ends before',
      { status: '416 Range Not Satisfiable', headers: ['Content-Range: bytes */2', 'Content-Length: 0'] },
      'has 2 bytes, and nothing at byte 3',
    ],
    ['a bare 416', { status: '416 Range Not Satisfiable', headers: ['Content-Length: 0'] }, 'nothing at byte 3'],
  ])('refuses %s, so that the file is read anew', async (_name, answer, words) => {
    await using host = await rawHost(begun, answer);
    const artifact = file();
    await rejection(host.read(artifact));
    const error = await rejection(host.read(artifact, 3));
    expect(error).toMatchObject({ code: 'integrity-failed', retry: 'safe', message: expect.stringContaining(words) });
  });

  test.each<[string, RawAnswer]>([
    ['with its length', rest([], 'ab', '200 OK')],
    ['in chunks', { status: '200 OK', headers: ['Transfer-Encoding: chunked'], body: '2\r\nab\r\n0\r\n\r\n' }],
  ])(
    'refuses a whole file that is shorter than what came before, %s, in another process, too',
    async (_name, answer) => {
      await using host = await rawHost(answer);
      const error = await rejection(host.read(file(), 3));
      expect(error).toMatchObject({
        code: 'integrity-failed',
        message: expect.stringContaining('has 2 bytes, and nothing at byte 3'),
      });
    },
  );

  test('knows nothing of an earlier reading that was not its own', async () => {
    await using host = await rawHost(begun, rest(['Content-Range: bytes 3-8/9'], 'defghi'));
    await rejection(host.read(file()));
    expect(await host.read(file(), 3)).toBe('defghi');
  });
});

test('DownloadMetadata: JSON is what is wanted there, a page is not', async () => {
  const json = {
    status: '200 OK',
    headers: ['Content-Length: 9', 'Content-Type: application/json'],
    body: '{"a": {}}',
  };
  const page = { status: '200 OK', headers: ['Content-Length: 13'], body: '<html></html>' };
  await using host = await rawHost(json, page);
  expect(await host.read(file('metadata'))).toBe('{"a": {}}');
  expect(await rejection(host.read(file('metadata')))).toMatchObject({ code: 'integrity-failed' });
});
