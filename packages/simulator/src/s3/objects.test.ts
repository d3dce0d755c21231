import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedS3 } from './simulated-s3.ts';

const Bucket = 'recordings';
let s3: SimulatedS3;
let client: S3Client;

beforeEach(async () => {
  s3 = await SimulatedS3.start({ buckets: [Bucket] });
  client = new S3Client({ ...s3.clientConfig(), maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await s3.close();
});

const put = (Key: string, Body: string | Uint8Array = 'x') => client.send(new PutObjectCommand({ Bucket, Key, Body }));

async function read(Key: string, extra: object = {}): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...extra }));
  return (await Body?.transformToString()) ?? '';
}

test('a buffer comes back with its type, metadata, tag count and verified checksum', async () => {
  const stored = await client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'a b/ü+c (1).wav',
      Body: 'hello',
      ContentType: 'audio/wav',
      CacheControl: 'no-store',
      Metadata: { session: 'abc', Other: 'd  e' },
      Tagging: 'kind=master',
    }),
  );
  expect(stored.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  expect(stored.ChecksumCRC32).toBe('NhCmhg==');
  const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a b/ü+c (1).wav' }));
  expect(await got.Body?.transformToString()).toBe('hello');
  expect(got).toMatchObject({
    ContentType: 'audio/wav',
    CacheControl: 'no-store',
    ContentLength: 5,
    Metadata: { session: 'abc', other: 'd  e' },
    TagCount: 1,
    ChecksumCRC32: 'NhCmhg==',
    ServerSideEncryption: 'AES256',
  });
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a b/ü+c (1).wav', ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({
    ContentLength: 5,
    ETag: stored.ETag,
    ChecksumCRC32: 'NhCmhg==',
    ChecksumType: 'FULL_OBJECT',
  });
});

test('a stream is taken out of its aws-chunked framing', async () => {
  const bytes = randomBytes(300_000);
  const Body = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]);
  await client.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: bytes.byteLength }));
  const object = s3.get(Bucket, 'stream');
  expect(Buffer.from(object?.bytes ?? []).equals(bytes)).toBe(true);
  expect(object?.headers['content-encoding']).toBeUndefined();
  expect(object?.checksum?.algorithm).toBe('CRC32');
});

test('a range answers 206 with that part and without the checksum of the whole', async () => {
  await put('k', '0123456789');
  const middle = await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=2-4' }));
  expect(middle.ContentRange).toBe('bytes 2-4/10');
  expect(middle.ChecksumCRC32).toBeUndefined();
  expect(await middle.Body?.transformToString()).toBe('234');
  expect(await read('k', { Range: 'bytes=-3' })).toBe('789');
  expect(await read('k', { Range: 'bytes=7-' })).toBe('789');
  expect(await read('k', { Range: 'bytes=8-99' })).toBe('89');
  await expect(read('k', { Range: 'bytes=10-' })).rejects.toMatchObject({
    name: 'InvalidRange',
    $metadata: { httpStatusCode: 416 },
  });
});

test('If-None-Match:* and If-Match decide writes', async () => {
  const first = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '1', IfNoneMatch: '*' }));
  await expect(
    client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '2', IfNoneMatch: '*' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  await expect(
    client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '2', IfMatch: '"0123"' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(
    client.send(new PutObjectCommand({ Bucket, Key: 'absent', Body: '2', IfMatch: first.ETag })),
  ).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect(await read('k')).toBe('1');
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '3', IfMatch: first.ETag }));
  expect(await read('k')).toBe('3');
});

test('of 20 writers with If-None-Match:* at once exactly one wins', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, writer) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'one', Body: `writer ${writer}`, IfNoneMatch: '*' })),
    ),
  );
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
});

test('If-Match and If-None-Match decide reads', async () => {
  const { ETag } = await put('k');
  expect(await read('k', { IfMatch: ETag })).toBe('x');
  await expect(read('k', { IfMatch: '"0"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  await expect(read('k', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
});

test('listing pages by the bytes of the key, with prefixes folded by the delimiter', async () => {
  for (const key of ['b/2', 'a', 'b/1', 'c/x/1', 'ü', '\u{1F600}', '\uFFFD', 'd&<>']) await put(key);
  const first = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 2 }));
  expect(first.Contents?.map((entry) => entry.Key)).toEqual(['a']);
  expect(first.CommonPrefixes).toEqual([{ Prefix: 'b/' }]);
  expect(first).toMatchObject({ IsTruncated: true, KeyCount: 2, MaxKeys: 2 });
  const second = await client.send(
    new ListObjectsV2Command({ Bucket, Delimiter: '/', ContinuationToken: first.NextContinuationToken }),
  );
  expect(second.CommonPrefixes).toEqual([{ Prefix: 'c/' }]);
  expect(second.Contents?.map((entry) => entry.Key)).toEqual(['d&<>', 'ü', '\uFFFD', '\u{1F600}']);
  expect(second.IsTruncated).toBe(false);
  const under = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'b/', StartAfter: 'b/1' }));
  expect(under.Contents?.map((entry) => entry.Key)).toEqual(['b/2']);
  expect(under.Contents?.[0]?.LastModified).toBeInstanceOf(Date);
  await expect(client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '!!' }))).rejects.toMatchObject({
    name: 'InvalidArgument',
  });
});

test('deleting is idempotent, one by one and in a batch', async () => {
  await put('a');
  await put('b');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  const batch = await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'b' }, { Key: 'never' }] } }),
  );
  expect(batch.Deleted?.map((entry) => entry.Key)).toEqual(['b', 'never']);
  expect(s3.list(Bucket)).toEqual([]);
});

test('a copy keeps metadata unless told to replace it, and honours its conditions', async () => {
  await client.send(
    new PutObjectCommand({ Bucket, Key: 'a b', Body: 'hello', ContentType: 'audio/wav', Metadata: { m: '1' } }),
  );
  const copied = await client.send(new CopyObjectCommand({ Bucket, Key: 'kept', CopySource: `${Bucket}/a%20b` }));
  expect(copied.CopyObjectResult).toMatchObject({
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
    ChecksumCRC32: 'NhCmhg==',
  });
  expect(s3.get(Bucket, 'kept')).toMatchObject({ contentType: 'audio/wav', metadata: { m: '1' } });
  await client.send(
    new CopyObjectCommand({
      Bucket,
      Key: 'replaced',
      CopySource: `/${Bucket}/a%20b`,
      MetadataDirective: 'REPLACE',
      ContentType: 'text/plain',
    }),
  );
  expect(s3.get(Bucket, 'replaced')).toMatchObject({ contentType: 'text/plain', metadata: {} });
  const copy = (extra: object) =>
    client.send(new CopyObjectCommand({ Bucket, Key: 'kept', CopySource: `${Bucket}/a%20b`, ...extra }));
  await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(copy({ CopySourceIfMatch: '"0"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(copy({ CopySource: `${Bucket}/none` })).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(copy({ Key: 'a b' })).rejects.toMatchObject({ name: 'InvalidRequest' });
});

test('tags can be set, read and removed', async () => {
  await put('k');
  const TagSet = [
    { Key: 'hold', Value: 'legal' },
    { Key: 'a&b', Value: '' },
  ];
  await client.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet } }));
  expect((await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))).TagSet).toEqual(TagSet);
  await client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'k' }));
  expect((await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))).TagSet).toEqual([]);
});

test('what is not there is said to be not there', async () => {
  await expect(read('none')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
  await expect(
    client.send(new PutObjectCommand({ Bucket: 'other-bucket', Key: 'k', Body: 'x' })),
  ).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(client.send(new HeadBucketCommand({ Bucket: 'other-bucket' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
  await client.send(new CreateBucketCommand({ Bucket: 'other-bucket' }));
  await client.send(new HeadBucketCommand({ Bucket: 'other-bucket' }));
  await expect(client.send(new CreateBucketCommand({ Bucket: 'other-bucket' }))).rejects.toMatchObject({
    name: 'BucketAlreadyOwnedByYou',
  });
});

test('what the simulator does not serve is refused, never half done', async () => {
  await put('k');
  await expect(client.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: '1' }))).rejects.toMatchObject({
    name: 'NotImplemented',
  });
  await expect(
    client.send(
      new PutObjectCommand({ Bucket, Key: 'k', Body: 'y', ChecksumAlgorithm: 'CRC32C', ChecksumCRC32C: 'AAAAAA==' }),
    ),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
  expect(await read('k')).toBe('x');
});
