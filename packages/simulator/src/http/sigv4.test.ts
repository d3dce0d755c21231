import { expect, test } from 'vitest';
import { type SignedRequest, type VerifyOptions, verifySignature } from './sigv4.ts';

/** The examples that AWS prints, with their signatures. Source: the two pages named at each. */
const options: VerifyOptions = {
  credentials: [{ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }],
  service: 's3',
  region: 'us-east-1',
  now: Date.parse('2013-05-24T00:00:00Z'),
};
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const published: SignedRequest = {
  method: 'GET',
  url: '/test.txt',
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': emptyHash,
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const presigned: SignedRequest = {
  method: 'GET',
  url: '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  headers: { host: 'examplebucket.s3.amazonaws.com' },
};

const problem = (request: SignedRequest, changed: Partial<VerifyOptions> = {}) => {
  const verdict = verifySignature(request, { ...options, ...changed });
  return verdict.ok ? undefined : verdict.problem;
};

test('the published header signature is right', () => {
  expect(verifySignature(published, options)).toEqual({
    ok: true,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    presigned: false,
  });
});

test('the published presigned URL is right', () => {
  expect(verifySignature(presigned, options)).toMatchObject({ ok: true, presigned: true });
});

test('each part of a request is covered by its signature', () => {
  const { headers } = published;
  expect(problem({ ...published, method: 'PUT' })).toBe('mismatch');
  expect(problem({ ...published, url: '/test.txt?acl' })).toBe('mismatch');
  expect(problem({ ...published, url: '/Test.txt' })).toBe('mismatch');
  expect(problem({ ...published, headers: { ...headers, range: 'bytes=0-8' } })).toBe('mismatch');
  expect(problem(published, { payloadHash: emptyHash.replace('e', 'f') })).toBe('mismatch');
  expect(problem({ ...published, headers: { ...headers, 'x-amz-acl': 'public-read' } })).toBe('unsigned-header');
  expect(problem({ ...presigned, url: presigned.url.replace('86400', '86401') })).toBe('mismatch');
});

test('a signature is bound to its service, region, day and moment', () => {
  expect(problem(published, { service: 'chime' })).toBe('malformed-header');
  expect(problem(published, { region: 'eu-west-1' })).toBe('wrong-region');
  expect(problem(published, { now: options.now + 15 * 60_000 })).toBeUndefined();
  expect(problem(published, { now: options.now + 15 * 60_000 + 1 })).toBe('time-skewed');
  expect(problem(published, { now: options.now - 15 * 60_000 - 1 })).toBe('time-skewed');
  expect(problem(presigned, { now: options.now + 86_400_000 })).toBeUndefined();
  expect(problem(presigned, { now: options.now + 86_400_001 })).toBe('expired');
  expect(problem({ ...published, headers: { ...published.headers, 'x-amz-date': '20130525T000000Z' } })).toBe(
    'malformed-header',
  );
});

test('text that is no signature is refused without an exception', () => {
  const withHeader = (authorization: string) =>
    problem({ ...published, headers: { ...published.headers, authorization } });
  expect(withHeader('Bearer x')).toBe('malformed-header');
  expect(withHeader('')).toBe('malformed-header');
  expect(withHeader('AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00')).toBe('malformed-header');
  expect(problem({ ...presigned, url: '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' })).toBe('malformed-query');
  expect(problem({ ...presigned, url: '/%E0%A4%A?X-Amz-Algorithm=%E0%A4%A' })).toBe('malformed-query');
  expect(problem({ method: 'GET', url: '/', headers: {} })).toBe('anonymous');
});
