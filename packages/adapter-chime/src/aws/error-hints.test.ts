import type { Classification } from '@onrecord/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AnsweringAws, openAnsweringAws, services } from '../testing/answering-aws.ts';
import { classifyAwsError } from './classify-error.ts';

let aws: AnsweringAws;
beforeAll(async () => {
  aws = await openAnsweringAws();
});
afterAll(() => aws[Symbol.asyncDispose]());

async function judged(status: number, name: string, Message: string, headers: Record<string, string> = {}) {
  const head = { 'content-type': 'application/json', 'x-amzn-errortype': `${name}Exception`, ...headers };
  aws.answer({ status, headers: head, body: JSON.stringify({ Code: name, Message, RequestId: 'r-1' }) });
  return classifyAwsError(await aws.thrown('media-pipelines'), 'only-with-same-key');
}

const source = "source type 'ChimeSdkMeeting' and source arn 'arn:aws:chime::111122223333:meeting:1'";

test.each<[number, string, string, Partial<Classification>, RegExp]>([
  [
    400,
    'BadRequest',
    'S3 Bucket policy not valid/present for Sink arn:aws:s3:::recordings',
    { code: 'permission-denied', retry: 'never', blame: 'destination' },
    /mediapipelines\.chime\.amazonaws\.com/,
  ],
  [
    400,
    'BadRequest',
    'No such S3 Bucket',
    { code: 'not-found', retry: 'never', blame: 'destination' },
    /Create the bucket/,
  ],
  [
    403,
    'Forbidden',
    'Insufficient permission to access S3 bucket',
    { code: 'permission-denied', retry: 'never', blame: 'caller' },
    /s3:GetBucketPolicy/,
  ],
  [
    403,
    'Forbidden',
    'Resource ownership mismatch',
    { code: 'permission-denied', retry: 'never', blame: 'caller' },
    /one AWS account/,
  ],
  [
    400,
    'ResourceLimitExceeded',
    `Cannot create new media capture pipeline for ${source}. Limit reached`,
    { code: 'quota-exceeded', retry: 'safe', retryAfterMs: 1_000, blame: 'provider' },
    /one capture pipeline/,
  ],
  [
    400,
    'BadRequest',
    'The account has 10 active media pipelines. Limit reached',
    { code: 'quota-exceeded', retry: 'safe', retryAfterMs: 1_000, blame: 'provider' },
    /quota of the region/,
  ],
  [
    403,
    'AccessDenied',
    'User: arn:aws:sts::111122223333:assumed-role/r is not authorized to perform: chime:CreateMediaCapturePipeline',
    { code: 'permission-denied', retry: 'never', blame: 'caller' },
    /Allow the role of this process chime:CreateMediaCapturePipeline\./,
  ],
])('%i %s "%s" says what to do', async (status, name, message, expected, remedy) => {
  const judgement = await judged(status, name, message);
  expect(judgement).toMatchObject({ ...expected, requestId: 'r-1' });
  expect(judgement.remedy).toMatch(remedy);
});

test('a text changes nothing about an overload or a fault of the service', async () => {
  expect(await judged(429, 'ThrottledClient', 'Limit reached')).toMatchObject({ code: 'rate-limited', retry: 'safe' });
  expect(await judged(500, 'ServiceFailure', 'No such S3 Bucket')).toMatchObject({ code: 'unavailable' });
});

test.each([
  ['7', 7_000],
  ['0', undefined],
  ['soon', undefined],
  ['Sat, 21 Nov 2026 17:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 16:00:00 GMT', undefined],
])('Retry-After: %s is %s ms', async (given, expected) => {
  const headers = { 'retry-after': given, date: 'Sat, 21 Nov 2026 17:00:00 GMT' };
  for (const [status, name] of [
    [429, 'ThrottledClient'],
    [503, 'ServiceUnavailable'],
  ] as const) {
    expect((await judged(status, name, 'slow', headers)).retryAfterMs).toBe(expected);
  }
});

test.each(services)(
  '%s: an empty answer is judged by its status, and a 404 of a stranger ends nothing',
  async (service) => {
    for (const [status, code] of [
      [400, 'invalid-request'],
      [401, 'unauthenticated'],
      [403, 'permission-denied'],
      [404, 'provider-contract'],
      [408, 'timeout'],
      [409, 'conflict'],
      [410, 'not-found'],
      [429, 'rate-limited'],
      [500, 'unavailable'],
      [502, 'unavailable'],
      [503, 'unavailable'],
      [504, 'unavailable'],
    ] as const) {
      aws.answer({ status, headers: { 'x-amzn-requestid': 'r-2' } });
      const judgement = classifyAwsError(await aws.thrown(service), 'only-with-same-key');
      expect(judgement, String(status)).toMatchObject({ code, requestId: 'r-2' });
    }
  },
);

test.each(services)('%s: an HTML page is no answer of the service, whatever its status', async (service) => {
  for (const status of [200, 403, 404, 502, 503]) {
    aws.answer({ status, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' });
    const judgement = classifyAwsError(await aws.thrown(service), 'only-with-same-key');
    expect(judgement).toMatchObject({ code: 'provider-contract', retry: 'only-with-same-key', blame: 'provider' });
    expect(judgement.message).toContain(String(status));
  }
});
