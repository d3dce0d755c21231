import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedS3, type SimulatedS3Options } from './simulated-s3.ts';

const Bucket = 'recordings';
const Key = 'k';
const MIB = 1024 * 1024;
let s3: SimulatedS3;
let client: S3Client;

async function start(options: SimulatedS3Options = {}): Promise<void> {
  s3 = await SimulatedS3.start({ buckets: [Bucket], ...options });
  client = new S3Client({ ...s3.clientConfig(), maxAttempts: 1 });
}
beforeEach(() => start());
afterEach(async () => {
  client.destroy();
  await s3.close();
});

async function open(extra: object = {}): Promise<string> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...extra }));
  return UploadId ?? '';
}
const part = (UploadId: string, PartNumber: number, Body: string | Uint8Array) =>
  client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
const complete = (
  UploadId: string,
  Parts: { PartNumber: number; ETag?: string | undefined; ChecksumCRC32?: string | undefined }[],
  extra: object = {},
) => client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...extra }));

test('an upload of lib-storage arrives whole, with the ETag and composite checksum of its parts', async () => {
  const bytes = randomBytes(12 * MIB);
  const done = await new Upload({
    client,
    params: { Bucket, Key, Body: Readable.from([bytes]), ContentType: 'audio/wav', Metadata: { m: '1' } },
  }).done();
  const md5 = (data: Uint8Array) => createHash('md5').update(data).digest();
  const pieces = [bytes.subarray(0, 5 * MIB), bytes.subarray(5 * MIB, 10 * MIB), bytes.subarray(10 * MIB)];
  expect(done.ETag).toBe(`"${md5(Buffer.concat(pieces.map(md5))).toString('hex')}-3"`);
  const got = await client.send(new GetObjectCommand({ Bucket, Key }));
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  expect(got).toMatchObject({ ContentType: 'audio/wav', Metadata: { m: '1' } });
  const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(head.ChecksumType).toBe('COMPOSITE');
  expect(head.ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==-3$/);
  expect(s3.openUploads(Bucket)).toEqual([]);
});

test('parts are listed with the uploads they belong to, until aborted', async () => {
  const UploadId = await open();
  const one = await part(UploadId, 1, 'one');
  await part(UploadId, 3, 'three');
  const page = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }));
  expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1' });
  expect(page.Parts).toMatchObject([{ PartNumber: 1, ETag: one.ETag, Size: 3 }]);
  const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(uploads.Uploads).toMatchObject([{ Key, UploadId }]);
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  await expect(part(UploadId, 1, 'late')).rejects.toMatchObject({ name: 'NoSuchUpload' });
  await expect(client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))).rejects.toMatchObject({
    name: 'NoSuchUpload',
  });
});

test('a Complete is refused for parts out of order, unknown, too small or with a wrong tag, and the upload stays open', async () => {
  const UploadId = await open();
  const one = await part(UploadId, 1, 'small');
  const two = await part(UploadId, 2, 'last');
  const first = { PartNumber: 1, ETag: one.ETag };
  const second = { PartNumber: 2, ETag: two.ETag };
  await expect(complete(UploadId, [second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete(UploadId, [first, { ...second, PartNumber: 9 }])).rejects.toMatchObject({
    name: 'InvalidPart',
  });
  await expect(complete(UploadId, [{ ...first, ETag: two.ETag }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete(UploadId, [{ ...first, ChecksumCRC32: 'AAAAAA==' }])).rejects.toMatchObject({
    name: 'InvalidPart',
  });
  await expect(complete(UploadId, [])).rejects.toMatchObject({ name: 'MalformedXML' });
  await expect(complete(UploadId, [first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' });
  expect(s3.openUploads(Bucket)).toEqual([{ key: Key, uploadId: UploadId }]);
  expect(s3.get(Bucket, Key)).toBeUndefined();
});

test('a checksum declared for the upload must come with every part', async () => {
  const UploadId = await open({ ChecksumAlgorithm: 'CRC32' });
  const one = await part(UploadId, 1, 'one');
  await expect(complete(UploadId, [{ PartNumber: 1, ETag: one.ETag }])).rejects.toThrow('missing for part 1');
  await complete(UploadId, [{ PartNumber: 1, ETag: one.ETag, ChecksumCRC32: one.ChecksumCRC32 }]);
});

test('conditions hold on Complete, and a failed one leaves the upload to abort', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'there' }));
  const UploadId = await open();
  const { ETag } = await part(UploadId, 1, 'new');
  const parts = [{ PartNumber: 1, ETag }];
  await expect(complete(UploadId, parts, { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    $metadata: { httpStatusCode: 412 },
  });
  await expect(complete(UploadId, parts, { IfMatch: '"0"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect(s3.openUploads(Bucket)).toHaveLength(1);
  await complete(UploadId, parts, { IfMatch: s3.get(Bucket, Key)?.etag });
  expect(Buffer.from(s3.get(Bucket, Key)?.bytes ?? []).toString()).toBe('new');
});

test('a part can be copied from an object, whole or a range of it', async () => {
  const bytes = randomBytes(6 * MIB);
  s3.put(Bucket, 'source', bytes);
  const UploadId = await open();
  const copy = (PartNumber: number, range: string) =>
    client.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber,
        CopySource: `${Bucket}/source`,
        CopySourceRange: range,
      }),
    );
  const half = 5 * MIB;
  const one = await copy(1, `bytes=0-${half - 1}`);
  const two = await copy(2, `bytes=${half}-${6 * MIB - 1}`);
  await expect(copy(3, `bytes=0-${6 * MIB}`)).rejects.toMatchObject({ name: 'InvalidRange' });
  await complete(UploadId, [
    { PartNumber: 1, ETag: one.CopyPartResult?.ETag },
    { PartNumber: 2, ETag: two.CopyPartResult?.ETag },
  ]);
  expect(Buffer.from(s3.get(Bucket, Key)?.bytes ?? []).equals(bytes)).toBe(true);
});

test.each([
  ['succeeds', 'completed'],
  ['no-such-upload', 'NoSuchUpload'],
] as const)('a Complete repeated after its answer was lost: %s', async (repeatedComplete, expected) => {
  await s3.close();
  await start({ repeatedComplete });
  const UploadId = await open();
  const { ETag } = await part(UploadId, 1, 'new');
  s3.faults.next({ match: 'CompleteMultipartUpload', fault: 'drop-before-answer' });
  await expect(complete(UploadId, [{ PartNumber: 1, ETag }])).rejects.toThrow();
  const again = await complete(UploadId, [{ PartNumber: 1, ETag }]).then(
    () => 'completed',
    (error: Error) => error.name,
  );
  expect(again).toBe(expected);
  expect(s3.get(Bucket, Key)).toBeDefined();
});

test('a checksum over the whole object is compared on Complete and kept', async () => {
  const UploadId = await open({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
  const bytes = randomBytes(6 * MIB);
  const one = await part(UploadId, 1, bytes.subarray(0, 5 * MIB));
  const two = await part(UploadId, 2, bytes.subarray(5 * MIB));
  const parts = [
    { PartNumber: 1, ETag: one.ETag },
    { PartNumber: 2, ETag: two.ETag },
  ];
  await expect(complete(UploadId, parts, { ChecksumCRC32: one.ChecksumCRC32 })).rejects.toMatchObject({
    name: 'BadDigest',
  });
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  const whole = sum.toString('base64');
  const done = await complete(UploadId, parts, { ChecksumCRC32: whole, ChecksumType: 'FULL_OBJECT' });
  expect(done).toMatchObject({ ChecksumCRC32: whole, ChecksumType: 'FULL_OBJECT' });
  const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({ ChecksumCRC32: whole, ChecksumType: 'FULL_OBJECT' });
});
