import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { classifyAzureError, during } from './errors.ts';
import { rejection } from './testing/scene.ts';

function throttled(headers: Record<string, string>): object {
  return { statusCode: 429, response: { headers: new Headers(headers) } };
}

describe('whatever is thrown is judged', () => {
  test.each<[string, unknown, object]>([
    ['a text', 'callConnectionId is missing', { code: 'unknown', message: 'callConnectionId is missing' }],
    ['nothing', undefined, { code: 'unknown' }],
    ['null', null, { code: 'unknown', blame: 'library' }],
    ['a plain object of the SDK', { status: 401, message: 'Unauthorized' }, { code: 'unauthenticated' }],
    ['a plain object without message', { status: 204 }, { code: 'provider-contract' }],
    ['an abort', new DOMException('gone', 'AbortError'), { code: 'aborted', retry: 'safe', blame: 'caller' }],
    [
      'a page where the SDK expects JSON',
      new SyntaxError('Unexpected token < in JSON at position 0'),
      { code: 'provider-contract', retry: 'safe', blame: 'provider' },
    ],
    [
      'a host name that the certificate is not for',
      Object.assign(new Error(''), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      { code: 'unavailable', retry: 'never', blame: 'caller' },
    ],
    [
      'a chain that does not verify',
      Object.assign(new Error(''), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
      { code: 'unavailable', retry: 'never', message: expect.stringContaining('was not accepted') },
    ],
    [
      'a server that speaks no TLS',
      Object.assign(new Error(''), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }),
      { code: 'unavailable', retry: 'never' },
    ],
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
    ['a failing server with a sub-code that refuses', { statusCode: 500, code: '8523' }, { code: 'unavailable' }],
    [
      'a server that is down, with a sub-code that refuses',
      { statusCode: 503, code: '8501' },
      { code: 'unavailable', retry: 'safe' },
    ],
    ['a refusal with the sub-code of a failing server', { statusCode: 400, code: '9999' }, { code: 'unavailable' }],
    [
      'a missing configuration with the sub-code of what is not found',
      { statusCode: 405, code: '8522' },
      { code: 'unsupported', retry: 'never' },
    ],
    ['422', { statusCode: 422, message: 'Invalid CommunicationUser identifier.' }, { code: 'invalid-request' }],
    ['a status nobody sends', { statusCode: 603 }, { code: 'provider-contract', retry: 'never' }],
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
    ['retry-after in seconds', throttled({ 'retry-after': '7' }), { code: 'rate-limited', retryAfterMs: 7_000 }],
    ['retry-after-ms', throttled({ 'retry-after-ms': '250', 'retry-after': '9' }), { retryAfterMs: 250 }],
    ['x-ms-retry-after-ms', throttled({ 'x-ms-retry-after-ms': '1500' }), { retryAfterMs: 1_500 }],
    [
      'a date that has passed',
      throttled({ date: 'Mon, 05 Jan 2026 09:00:30 GMT', 'retry-after': 'Mon, 05 Jan 2026 09:00:00 GMT' }),
      { retryAfterMs: 0 },
    ],
    ['headers that are none', { statusCode: 429, response: { headers: {} } }, { code: 'rate-limited' }],
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
  expect(classifyAzureError(text)).toMatchObject({ code: 'provider-contract', retry, blame: 'provider' });
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
    ['the context eyJhbGciOiJub25lIn0.eyJjYyI6IkgifQ.c2ln was', 'the context [secret] was'],
    ['AccountKey=q83vEg==;EndpointSuffix=x', 'AccountKey=[secret];EndpointSuffix=x'],
    ['a token cut short eyJhbGciOiJub25lIn0.eyJjYyI6IkgifQ', 'a token cut short [secret]'],
    ['recording eyJQbGF0Zm9ybUVuZHBvaW50SWQiOiIx stays', 'recording eyJQbGF0Zm9ybUVuZHBvaW50SWQiOiIx stays'],
    ['Authorization: Bearer eyJhbGciOi.J9.abc-_', 'Authorization: Bearer[secret]'],
    ['HMAC-SHA256 SignedHeaders=x&Signature=q83vEg==', 'HMAC-SHA256 SignedHeaders=x&Signature=[secret]'],
    ['endpoint=https://x.example/;accesskey=c2VjcmV0', 'endpoint=https://x.example/;accesskey=[secret]'],
  ])('%s', (said, shown) => {
    expect(classifyAzureError({ statusCode: 400, message: said }).message).toBe(`Azure answered 400: ${shown}`);
  });

  test.each(['eyJaaaaaa-', 'eyJaaaaaa.', 'http://a@', 'sharedaccess', 'a.'])(
    'however long a text of %s is: it is not read to its end',
    (piece) => {
      const begun = performance.now();
      classifyAzureError({ statusCode: 400, message: piece.repeat(1_000_000 / piece.length) });
      // Read to its end, the first of them took minutes.
      expect(performance.now() - begun).toBeLessThan(2_000);
    },
  );

  test('and no page of the network between', () => {
    const page = `<html>${'x'.repeat(5_000)}</html>`;
    expect(classifyAzureError({ statusCode: 502, message: page }).message).toBe(
      'Azure answered 502, without an error body.',
    );
    expect(classifyAzureError({ statusCode: 400, message: 'y'.repeat(5_000) }).message?.length).toBeLessThan(600);
  });
});

test.each(['soon', '-5', ''])('a retry-after of "%s" says nothing', (text) => {
  const headers = { 'retry-after': text, date: 'Mon, 05 Jan 2026 09:00:00 GMT' };
  expect(classifyAzureError(throttled(headers))).not.toHaveProperty('retryAfterMs');
});
