import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { classifyAzureError, during } from './errors.ts';
import { rejection } from './testing/scene.ts';

describe('whatever is thrown is judged', () => {
  test.each<[string, unknown, object]>([
    ['a text', 'callConnectionId is missing', { code: 'unknown', message: 'callConnectionId is missing' }],
    ['nothing', undefined, { code: 'unknown' }],
    ['a plain object of the SDK', { status: 401, message: 'Unauthorized' }, { code: 'unauthenticated' }],
    ['a plain object without message', { status: 204 }, { code: 'provider-contract' }],
    ['a bug', new TypeError('x is not a function'), { code: 'unknown', blame: 'library' }],
    [
      'a certificate',
      Object.assign(new Error(''), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      { code: 'unavailable', retry: 'never' },
    ],
    [
      'a name that does not resolve',
      Object.assign(new Error(''), { code: 'ENOTFOUND' }),
      { code: 'unavailable', retry: 'safe' },
    ],
    ['a time-out', new DOMException('late', 'TimeoutError'), { code: 'timeout' }],
    [
      'an answer that broke off',
      Object.assign(new Error(''), { code: 'PARSE_ERROR' }),
      { code: 'unavailable', retry: 'safe' },
    ],
    [
      'a code nobody knows',
      { statusCode: 400, code: '8999', message: 'New.' },
      { code: 'invalid-request', providerCode: '8999' },
    ],
    [
      '503 with a date',
      {
        statusCode: 503,
        response: {
          headers: new Headers({
            date: 'Mon, 05 Jan 2026 09:00:00 GMT',
            'retry-after': 'Mon, 05 Jan 2026 09:00:30 GMT',
          }),
        },
      },
      { code: 'unavailable', retryAfterMs: 30_000 },
    ],
    [
      'milliseconds',
      { statusCode: 429, response: { headers: new Headers({ 'retry-after-ms': '250' }) } },
      { retryAfterMs: 250 },
    ],
    [
      'an error of our own',
      new OnRecordError('integrity-failed', 'short', { retry: 'safe', blame: 'provider' }),
      { code: 'integrity-failed', retry: 'safe', blame: 'provider' },
    ],
  ])('%s', (_name, thrown, judgement) => {
    expect(classifyAzureError(thrown)).toMatchObject(judgement);
  });
});

test.each([
  ['start', 'only-with-same-key'],
  ['announce', 'never'],
  ['pause', 'safe'],
  ['status', 'safe'],
  ['open', 'safe'],
] as const)('after a lost answer to %s: %s', async (operation, retry) => {
  const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const error = await rejection(during(operation, () => Promise.reject(lost)));
  expect(classifyAzureError(error)).toMatchObject({
    code: 'unavailable',
    retry,
    message: 'The answer of Azure was lost (ECONNRESET).',
  });
  const text = await rejection(during(operation, () => Promise.reject('a text')));
  expect(text).toBeInstanceOf(Error);
});

test('a 503 was turned away, so a start may be repeated as it is', async () => {
  const busy = { statusCode: 503, message: '' };
  const error = await rejection(during('start', () => Promise.reject(busy)));
  expect(classifyAzureError(error)).toMatchObject({
    retry: 'safe',
    message: 'Azure answered 503, without an error body.',
  });
});

describe('messages hold no secrets', () => {
  test.each([
    [
      'https://acct.blob.core.windows.net/c/f.wav?sv=1&sig=abc%2Bdef%3D',
      'https://acct.blob.core.windows.net/c/f.wav?[secret]',
    ],
    ['at https://user:pass@host/path#frag now', 'at https://host/path?[secret] now'],
    ['Authorization: Bearer eyJhbGciOi.J9.abc-_', 'Authorization: Bearer[secret]'],
    ['HMAC-SHA256 SignedHeaders=x&Signature=q83vEg==', 'HMAC-SHA256 SignedHeaders=x&Signature=[secret]'],
    ['endpoint=https://x.example/;accesskey=c2VjcmV0', 'endpoint=https://x.example/;accesskey=[secret]'],
  ])('%s', (said, shown) => {
    expect(classifyAzureError({ statusCode: 400, message: said }).message).toBe(`Azure answered 400: ${shown}`);
  });

  test('and no page of the network between', () => {
    const page = `<html>${'x'.repeat(5_000)}</html>`;
    expect(classifyAzureError({ statusCode: 502, message: page }).message).toBe(
      'Azure answered 502, without an error body.',
    );
    expect(classifyAzureError({ statusCode: 400, message: 'y'.repeat(5_000) }).message?.length).toBeLessThan(600);
  });
});
