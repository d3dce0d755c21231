import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { SimulatedS3 } from './simulated-s3.ts';
import type { ObjectCreated } from './store.ts';

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

test('what a service of the cloud stores is told to listeners, stamped by the clock, and readable by the SDK', async () => {
  using clock = new VirtualClock('2026-03-01T10:00:00.000Z');
  await using stamped = await SimulatedS3.start({ clock, buckets: [Bucket] });
  const reader = new S3Client({ ...stamped.clientConfig(), maxAttempts: 1 });
  const told: ObjectCreated[] = [];
  const stop = stamped.onObjectCreated((created) => told.push(created));
  stamped.put(Bucket, 'p/one.wav', Buffer.from('RIFF'), { contentType: 'audio/wav', metadata: { leg: 'a' } });
  await clock.advance(1500);
  await reader.send(new PutObjectCommand({ Bucket, Key: 'p/two', Body: 'two' }));
  stop();
  stamped.put(Bucket, 'p/three', Buffer.from('3'));
  expect(told).toMatchObject([
    { event: 'ObjectCreated:Put', key: 'p/one.wav', size: 4, at: Date.parse('2026-03-01T10:00:00Z') },
    { event: 'ObjectCreated:Put', key: 'p/two', size: 3, at: Date.parse('2026-03-01T10:00:01.500Z') },
  ]);
  expect((told[1]?.sequencer ?? '') > (told[0]?.sequencer ?? '')).toBe(true);
  const got = await reader.send(new GetObjectCommand({ Bucket, Key: 'p/one.wav' }));
  expect(await got.Body?.transformToString()).toBe('RIFF');
  expect(got).toMatchObject({ Metadata: { leg: 'a' }, LastModified: new Date('2026-03-01T10:00:00Z') });
  expect(stamped.list(Bucket, 'p/').map((object) => object.key)).toEqual(['p/one.wav', 'p/three', 'p/two']);
  expect(() => stamped.put('nowhere', 'k', Buffer.from(''))).toThrow('bucket does not exist');
  reader.destroy();
});

test('every request is journalled with its operation and outcome', async () => {
  await put('k');
  await read('none').catch(() => {});
  expect(s3.requests()).toMatchObject([
    { method: 'PUT', operation: 'PutObject', bucket: Bucket, key: 'k', status: 200, delivered: true },
    { method: 'GET', operation: 'GetObject', key: 'none', status: 404, errorCode: 'NoSuchKey' },
  ]);
});

test('an answer lost, a body cut and a throttle reach the SDK as such', async () => {
  s3.faults.next({ match: 'PutObject', fault: 'drop-before-answer' });
  await expect(put('k', 'hello')).rejects.toThrow();
  expect(s3.requests().at(-1)).toMatchObject({ status: 200, delivered: false });
  s3.faults.next({ match: 'GetObject', fault: { dropAfterBytes: 2 } });
  await expect(read('k')).rejects.toThrow();
  s3.faults.next({ match: 'GetObject', fault: { status: 503, body: '<Error><Code>SlowDown</Code></Error>' } });
  await expect(read('k')).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
  expect(await read('k')).toBe('hello');
  expect(s3.faults.pending()).toBe(0);
});
