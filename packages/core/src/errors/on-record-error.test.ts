import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { errorCodes } from './codes.ts';
import { OnRecordError } from './on-record-error.ts';

test('an error says what, where and what to do', () => {
  const error = new OnRecordError('storage-failed', 'Cannot write s3://archive/a.wav.', {
    retry: 'safe',
    blame: 'destination',
    remedy: 'Check the bucket policy.',
    context: { sessionId: 's1' },
  });
  expect(error.message).toBe('Cannot write s3://archive/a.wav. Check the bucket policy.');
  expect(error.name).toBe('OnRecordError');
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'storage-failed',
    message: error.message,
    retry: 'safe',
    blame: 'destination',
    context: { sessionId: 's1' },
  });
});

test('without options it is the caller’s, and not to be repeated', () => {
  expect(new OnRecordError('invalid-request', 'No.')).toMatchObject({ retry: 'never', blame: 'caller', context: {} });
  expect('cause' in new OnRecordError('invalid-request', 'No.')).toBe(false);
});

test('it is known by its brand, also when it comes from another copy of the package', () => {
  const foreign = Object.assign(new Error('No.'), { code: 'timeout', [Symbol.for('@onrecord/error')]: true });
  expect(OnRecordError.is(foreign)).toBe(true);
  expect(OnRecordError.is(foreign, 'timeout')).toBe(true);
  expect(OnRecordError.is(foreign, 'conflict')).toBe(false);
});

test.each([undefined, null, 'timeout', 42, new Error('timeout'), { code: 'timeout' }])('%s is none', (value) => {
  expect(OnRecordError.is(value)).toBe(false);
});

test('wrapping keeps the SDK’s error as the cause and what the provider said about it', () => {
  const cause = new Error('Throttled by the SDK');
  const wrapped = OnRecordError.wrap(
    cause,
    {
      code: 'rate-limited',
      retry: 'safe',
      blame: 'provider',
      requestId: 'q-1',
      providerCode: '429',
      retryAfterMs: 2_000,
    },
    { operation: 'start' },
  );
  expect(wrapped.message).toBe('Throttled by the SDK');
  expect(wrapped.cause).toBe(cause);
  expect(wrapped).toMatchObject({
    code: 'rate-limited',
    retry: 'safe',
    blame: 'provider',
    context: { operation: 'start', requestId: 'q-1', providerCode: '429', retryAfterMs: 2_000 },
  });
});

test('wrapping replaces a message that says too little, and adds what to do', () => {
  const classification = {
    code: 'permission-denied',
    retry: 'never',
    blame: 'destination',
    message: 'The bucket refuses the write.',
    remedy: 'Allow s3:PutObject.',
  } as const;
  expect(OnRecordError.wrap('AccessDenied', classification, {}).message).toBe(
    'The bucket refuses the write. Allow s3:PutObject.',
  );
  expect(OnRecordError.wrap('AccessDenied', { ...classification, message: undefined }, {}).message).toContain(
    'AccessDenied',
  );
});

test('an error of ours passes through wrapping unchanged', () => {
  const own = new OnRecordError('conflict', 'No.');
  expect(OnRecordError.wrap(own, { code: 'unknown', retry: 'never', blame: 'library' }, {})).toBe(own);
});

test('a log shows code, context and cause', () => {
  const error = new OnRecordError('timeout', 'No answer.', {
    cause: new Error('socket hang up'),
    context: { part: 'p1' },
  });
  const shown = inspect(error);
  for (const text of ['timeout', 'No answer.', 'socket hang up', 'p1']) expect(shown).toContain(text);
});

test('the codes are frozen: adding or removing one is a major change', () => {
  expect(errorCodes).toMatchInlineSnapshot(`
    [
      "unsupported",
      "invalid-request",
      "invalid-state",
      "not-found",
      "already-exists",
      "conflict",
      "unauthenticated",
      "permission-denied",
      "quota-exceeded",
      "rate-limited",
      "timeout",
      "aborted",
      "unavailable",
      "storage-failed",
      "integrity-failed",
      "signature-invalid",
      "provider-contract",
      "unknown",
    ]
  `);
});
