import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SimulatedS3 } from './simulated-s3.ts';

const Bucket = 'recordings';
let s3: SimulatedS3;

beforeAll(async () => {
  s3 = await SimulatedS3.start({
    region: 'eu-central-1',
    credentials: [
      { accessKeyId: 'AKIAONE', secretAccessKey: 'one' },
      { accessKeyId: 'ASIATWO', secretAccessKey: 'two', sessionToken: 'token of two' },
    ],
    buckets: [Bucket],
  });
  s3.put(Bucket, 'a b/k', Buffer.from('hello'));
});
afterAll(() => s3.close());

type Config = ConstructorParameters<typeof S3Client>[0];
const clientWith = (config: Config = {}) => new S3Client({ ...s3.clientConfig(), maxAttempts: 1, ...config });
const get = new GetObjectCommand({ Bucket, Key: 'a b/k' });

async function outcome(config: Config): Promise<string> {
  const client = clientWith(config);
  try {
    return (await (await client.send(get)).Body?.transformToString()) ?? '';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  } finally {
    client.destroy();
  }
}

/** Body and status of a plain request, without an SDK. */
async function plain(url: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
}

test('signatures of the SDK are accepted for every known key, with its session token', async () => {
  expect(await outcome({})).toBe('hello');
  expect(
    await outcome({ credentials: { accessKeyId: 'ASIATWO', secretAccessKey: 'two', sessionToken: 'token of two' } }),
  ).toBe('hello');
});

test('a wrong secret, key, token, region or clock is refused with the code of S3', async () => {
  expect(await outcome({ credentials: { accessKeyId: 'AKIAONE', secretAccessKey: 'two' } })).toBe(
    'SignatureDoesNotMatch',
  );
  expect(await outcome({ credentials: { accessKeyId: 'AKIANONE', secretAccessKey: 'one' } })).toBe(
    'InvalidAccessKeyId',
  );
  expect(await outcome({ credentials: { accessKeyId: 'ASIATWO', secretAccessKey: 'two' } })).toBe('InvalidToken');
  expect(await outcome({ region: 'us-east-1' })).toBe('AuthorizationHeaderMalformed');
  expect(await outcome({ systemClockOffset: -16 * 60_000 })).toBe('RequestTimeTooSkewed');
});

test('anonymous requests are refused', async () => {
  const refused = await plain(`${s3.origin}/${Bucket}/a%20b/k`);
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('<Code>AccessDenied</Code>');
});

test('another account as expected owner is refused', async () => {
  const client = clientWith();
  await expect(
    client.send(new GetObjectCommand({ Bucket, Key: 'a b/k', ExpectedBucketOwner: '999999999999' })),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
  client.destroy();
});

test('a presigned GET works until it expires, and not one character changed', async () => {
  const client = clientWith();
  const url = await getSignedUrl(client, get, { expiresIn: 60 });
  expect(await plain(url)).toEqual({ status: 200, text: 'hello' });
  const tampered = await plain(url.replace('/k?', '/l?'));
  expect(tampered.status).toBe(403);
  expect(tampered.text).toContain('<Code>SignatureDoesNotMatch</Code>');
  expect((await plain(url, { method: 'DELETE' })).text).toContain('<Code>SignatureDoesNotMatch</Code>');
  expect((await plain(url, { headers: { 'x-amz-meta-added': '1' } })).text).toContain(
    '<HeadersNotSigned>x-amz-meta-added',
  );

  const past = new Date(Date.now() - 61_000);
  const expired = await plain(await getSignedUrl(client, get, { expiresIn: 60, signingDate: past }));
  expect(expired.status).toBe(403);
  expect(expired.text).toContain('<Message>Request has expired</Message>');
  const future = new Date(Date.now() + 3_600_000);
  expect((await plain(await getSignedUrl(client, get, { signingDate: future }))).text).toContain('not yet valid');
  const long = new URL(url);
  long.searchParams.set('X-Amz-Expires', '604801');
  expect((await plain(long.href)).text).toContain('<Code>AuthorizationQueryParametersError</Code>');
  client.destroy();
});

test('a presigned PUT holds the checksum that its signer put in: the trap of the SDK default', async () => {
  const command = new PutObjectCommand({ Bucket, Key: 'up' });
  const trapped = clientWith();
  const refused = await plain(await getSignedUrl(trapped, command), { method: 'PUT', body: 'upload' });
  expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('<Code>BadDigest</Code>') });
  const careful = clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  expect((await plain(await getSignedUrl(careful, command), { method: 'PUT', body: 'upload' })).status).toBe(200);
  expect(Buffer.from(s3.get(Bucket, 'up')?.bytes ?? []).toString()).toBe('upload');
  trapped.destroy();
  careful.destroy();
});

test('a body that is not the one that was signed or summed is refused', async () => {
  const client = clientWith();
  client.middlewareStack.add(
    (next) => (input) => {
      const { request } = input as { request: { body: unknown; headers: Record<string, string> } };
      request.body = Buffer.from('HELLO');
      return next(input);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'tamper' },
  );
  await expect(client.send(new PutObjectCommand({ Bucket, Key: 'bad', Body: 'hello' }))).rejects.toMatchObject({
    name: 'XAmzContentSHA256Mismatch',
  });
  client.destroy();

  const honest = clientWith();
  const wrongSum = createHash('sha256').update('other').digest('base64');
  await expect(
    honest.send(new PutObjectCommand({ Bucket, Key: 'bad', Body: 'hello', ChecksumSHA256: wrongSum })),
  ).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(
    honest.send(new PutObjectCommand({ Bucket, Key: 'bad', Body: 'hello', ChecksumCRC32: 'AAAAAA==' })),
  ).rejects.toMatchObject({ name: 'BadDigest' });
  expect(s3.get(Bucket, 'bad')).toBeUndefined();
  honest.destroy();
});

test('a streamed body whose trailer does not fit its bytes is refused', async () => {
  const quiet = () => {};
  const client = clientWith({ logger: { debug: quiet, info: quiet, warn: quiet, error: quiet } });
  client.middlewareStack.add(
    (next) => (input) => {
      const { request } = input as { request: { body: unknown } };
      request.body = Readable.from([Buffer.from('5\r\nHELLO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n')]);
      return next(input);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'tamper' },
  );
  await expect(
    client.send(new PutObjectCommand({ Bucket, Key: 'bad', Body: Readable.from(['hello']), ContentLength: 5 })),
  ).rejects.toMatchObject({ name: 'BadDigest' });
  expect(s3.get(Bucket, 'bad')).toBeUndefined();
  client.destroy();
});
