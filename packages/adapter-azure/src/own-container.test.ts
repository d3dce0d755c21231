import { describe, expect, test } from 'vitest';
import { ownBlobUri } from './own-container.ts';

const account = 'https://contoso.blob.core.windows.net';
const container = new URL(`${account}/recordings`);
/** As the service lays files out: day, call, the first eight of the recordingId and a GUID, chunk and document. */
const folder = '20260105/36cf910b-932c/eyJQbGF0-5b6c0a11-8a3e-4d51-9a56-5f9a2c1d7e10';
const file = `${folder}/0-audiowav.0-eus-d12-801b.wav`;

describe('a blob of ours', () => {
  test.each<[string, string, string | undefined]>([
    ['in the container', `${account}/recordings/${file}`, container.href],
    ['in the container, written with a slash', `${account}/recordings/${file}`, `${account}/recordings/`],
    ['in a location inside it', `${account}/recordings/${file}`, `${account}/recordings/20260105`],
    ['with its port spelt out', `https://contoso.blob.core.windows.net:443/recordings/${file}`, container.href],
    ['in other letters of the host', `https://Contoso.Blob.core.windows.net/recordings/${file}`, container.href],
    ['with a signature of whoever wrote it', `${account}/recordings/${file}?sv=1&sig=hush`, container.href],
    ['with a snapshot and a fragment', `${account}/recordings/${file}?snapshot=1#x`, container.href],
    ['by a way that leads back', `${account}/recordings/x/../${file}`, container.href],
  ])('%s', (_name, url, where) => {
    expect(ownBlobUri(url, new URL(where ?? ''))).toBe(`azblob://contoso/recordings/${file}`);
  });

  test('has its name decoded, as a store knows it', () => {
    const url = `${account}/recordings/${encodeURIComponent('été 1')}/a%2Bb.wav`;
    expect(ownBlobUri(url, container)).toBe('azblob://contoso/recordings/été 1/a+b.wav');
  });

  test('in a national cloud, and in an emulator, which has the account in its path', () => {
    const china = new URL('https://contoso.blob.core.chinacloudapi.cn/recordings');
    expect(ownBlobUri(`${china.href}/a.wav`, china)).toBe('azblob://contoso/recordings/a.wav');
    const emulator = new URL('http://127.0.0.1:10000/devstoreaccount1/recordings');
    expect(ownBlobUri(`${emulator.href}/a.wav`, emulator)).toBe('azblob://devstoreaccount1/recordings/a.wav');
  });
});

describe('no blob of ours', () => {
  test.each<[string, string]>([
    ['another account', `https://evil.blob.core.windows.net/recordings/${file}`],
    ['another container', `${account}/private/${file}`],
    ['a container whose name begins alike', `${account}/recordings2/${file}`],
    ['the container itself', `${account}/recordings`],
    ['the container with a slash', `${account}/recordings/`],
    ['a folder', `${account}/recordings/${folder}/`],
    ['out of the container', `${account}/recordings/../private/a.wav`],
    ['out of it, encoded', `${account}/recordings/%2e%2e/private/a.wav`],
    ['out of it behind an encoded slash', `${account}/recordings/a%2f..%2f..%2fprivate/a.wav`],
    ['a slash within a name', `${account}/recordings/a%2Fb.wav`],
    ['a backslash within a name', `${account}/recordings/a%5C..%5Cb.wav`],
    ['a name of dots, encoded twice', `${account}/recordings/x/%2e%2e%2f/a.wav`],
    ['a zero byte', `${account}/recordings/a%00.wav`],
    ['a line break', `${account}/recordings/a%0d%0ab.wav`],
    ['bytes that are no text', `${account}/recordings/%ff.wav`],
    ['a per cent sign of its own', `${account}/recordings/%zz.wav`],
    ['another port', `${account}:8443/recordings/${file}`],
    ['another protocol', `http://contoso.blob.core.windows.net/recordings/${file}`],
    ['a user name', `https://user@contoso.blob.core.windows.net/recordings/${file}`],
    ['a password', `https://:pass@contoso.blob.core.windows.net/recordings/${file}`],
    ['the account as a user name', `https://contoso.blob.core.windows.net@evil.example/recordings/${file}`],
    ['a host that ends otherwise', `https://contoso.blob.core.windows.net.evil.example/recordings/${file}`],
    ['a host that begins otherwise', `https://xcontoso.blob.core.windows.net/recordings/${file}`],
    ['a dot behind the host', `https://contoso.blob.core.windows.net./recordings/${file}`],
    ['no URL', 'recordings/a.wav'],
    ['nothing', ''],
  ])('%s', (_name, url) => {
    expect(ownBlobUri(url, container)).toBeUndefined();
  });

  test('outside the location that was asked for, though in its container', () => {
    const inside = new URL(`${account}/recordings/calls`);
    expect(ownBlobUri(`${account}/recordings/other/a.wav`, inside)).toBeUndefined();
    expect(ownBlobUri(`${account}/recordings/calls2/a.wav`, inside)).toBeUndefined();
    expect(ownBlobUri(`${account}/recordings/calls/../other/a.wav`, inside)).toBeUndefined();
    expect(ownBlobUri(`${account}/recordings/calls/a.wav`, inside)).toBe('azblob://contoso/recordings/calls/a.wav');
  });
});
