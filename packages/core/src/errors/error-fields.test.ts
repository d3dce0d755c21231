import { describe, expect, test } from 'vitest';
import { errorFields, withoutSecrets } from './error-fields.ts';
import { OnRecordError } from './on-record-error.ts';

describe('text of an error', () => {
  test.each([
    ['GET https://bucket.s3.amazonaws.com/a.wav?X-Amz-Signature=abc&X-Amz-Credential=d failed', 'abc'],
    ['https://account.blob.core.windows.net/c/b?sv=2024&sig=s3cr3t%3D: 403', 's3cr3t'],
    ['Failed to parse URL from https://user:pa55@host/x', 'pa55'],
    ['Authorization: Bearer eyJhbGciOi.x.y was refused', 'eyJ'],
    ['endpoint=https://x.communication.azure.com/;accesskey=QUJDRA==', 'QUJDRA'],
    ['DefaultEndpointsProtocol=https;AccountName=a;AccountKey=QUJDRA==;EndpointSuffix=x', 'QUJDRA'],
    ['{"secretAccessKey":"AKIDsecret","region":"x"}', 'AKIDsecret'],
    ['sig=abcdef was not accepted', 'abcdef'],
    ['x-api-key: 12345', '12345'],
  ])('%s shows no %s', (text, secret) => {
    expect(withoutSecrets(text)).not.toContain(secret);
  });

  test('keeps what says where and what', () => {
    const text = 'GET https://host.example/recordings/a.wav?sig=1 answered 403 after 2 attempts (ECONNRESET).';
    expect(withoutSecrets(text)).toBe(
      'GET https://host.example/recordings/a.wav?… answered 403 after 2 attempts (ECONNRESET).',
    );
    expect(withoutSecrets('The disk is full: ENOSPC, write /data/a.wav')).toBe(
      'The disk is full: ENOSPC, write /data/a.wav',
    );
  });

  test('is cut where it is a document', () => {
    expect(withoutSecrets('x'.repeat(5_000)).length).toBeLessThan(1_100);
  });
});

test('an error of an SDK is logged without its request', () => {
  const error = Object.assign(new Error('403'), { request: { headers: { authorization: 'Bearer secret' } } });
  expect(JSON.stringify(errorFields(error))).not.toContain('secret');
  const wrapped = OnRecordError.wrap(
    error,
    { code: 'permission-denied', retry: 'never', blame: 'caller', requestId: 'r-1', providerCode: 'AccessDenied' },
    { operation: 'start' },
  );
  expect(errorFields(wrapped)).toEqual({
    message: '403',
    code: 'permission-denied',
    retry: 'never',
    requestId: 'r-1',
    providerCode: 'AccessDenied',
  });
  expect(errorFields('a string')).toEqual({ message: 'a string' });
});
