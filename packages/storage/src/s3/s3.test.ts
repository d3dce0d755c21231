import { setImmediate } from 'node:timers/promises';
import { OnRecordError, Storage } from '@onrecord/core';
import { SimulatedS3, type SimulatedS3Options } from '@onrecord/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import type { S3Options } from './config.ts';
import { type S3Driver, s3 } from './s3-driver.ts';

const MIB = 1024 * 1024;
const bucket = 'recordings';
const inParts = { singlePutBytes: MIB, partBytes: 5 * MIB };
let server: SimulatedS3;
let driver: S3Driver;

async function start(
  options: Partial<S3Options> = {},
  simulated: SimulatedS3Options = {},
  maxAttempts = 2,
): Promise<Storage> {
  server = await SimulatedS3.start({ buckets: [bucket], ...simulated });
  driver = s3({ bucket, client: { ...server.clientConfig(), maxAttempts }, ...options });
  return new Storage(driver);
}
afterEach(async () => {
  await driver.close();
  await server.close();
});

const signal = new AbortController().signal;
const operations = () => server.requests().map((request) => request.operation);

async function* bytes(length: number, pieceBytes = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += pieceBytes) yield Buffer.alloc(Math.min(pieceBytes, length - at), at % 251);
}

/** What is thrown, as an OnRecordError. */
async function failure(work: Promise<unknown>): Promise<OnRecordError> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!OnRecordError.is(error)) throw error;
  return error;
}

test('a known length goes out as one request, an unknown one in parts only when it does not fit into one', async () => {
  const storage = await start();
  await storage.put('known', bytes(20 * MIB), { bytes: 20 * MIB });
  await storage.put('unknown but small', bytes(3 * MIB));
  await storage.put('one part exactly', bytes(8 * MIB));
  expect(operations()).toEqual(['PutObject', 'PutObject', 'PutObject']);
  await storage.put('unknown', bytes(8 * MIB + 1));
  expect(operations().slice(3)).toEqual([
    'CreateMultipartUpload',
    'UploadPart',
    'UploadPart',
    'CompleteMultipartUpload',
  ]);
});

test('S3 keeps a checksum over the whole object, also of one in parts, and tells it', async () => {
  const storage = await start(inParts);
  const single = await storage.put('single', bytes(MIB));
  const parts = await storage.put('parts', bytes(12 * MIB));
  for (const stored of [single, parts]) {
    expect(stored.checksum).toMatchObject({ algorithm: 'crc32', hex: expect.stringMatching(/^[0-9a-f]{8}$/) });
    expect((await storage.head(stored.key))?.checksum).toEqual(stored.checksum);
  }
});

test('a part that fails for good discards the upload, and it is made sure that no other part came after', async () => {
  const storage = await start(inParts);
  server.faults.next({ match: 'UploadPart', fault: { status: 500 }, skip: 1, times: 99 });
  const error = await failure(storage.put('k', bytes(40 * MIB)));
  expect(error).toMatchObject({ code: 'unavailable', retry: 'safe', blame: 'destination' });
  expect(server.openUploads(bucket)).toEqual([]);
  const cleaning = operations().filter((operation) => /Abort|ListParts/.test(operation));
  expect(cleaning).toEqual(['AbortMultipartUpload', 'ListParts']);
});

test('a part whose answer is lost is sent again by the client', async () => {
  const storage = await start(inParts);
  server.faults.next({ match: 'UploadPart', fault: 'drop-before-answer' });
  await storage.put('k', bytes(12 * MIB));
  expect(server.get(bucket, 'k')?.bytes.byteLength).toBe(12 * MIB);
});

test('a Complete that answers 200 with an error inside has failed', async () => {
  const storage = await start(inParts);
  const body = '<?xml version="1.0"?><Error><Code>InternalError</Code><Message>no</Message></Error>';
  server.faults.next({ match: 'CompleteMultipartUpload', fault: { status: 200, body }, times: 99 });
  expect(await failure(storage.put('k', bytes(12 * MIB)))).toMatchObject({ code: 'unavailable', retry: 'safe' });
  expect(server.openUploads(bucket)).toEqual([]);
  expect(server.get(bucket, 'k')).toBeUndefined();
});

test.each(['succeeds', 'no-such-upload'] as const)(
  'a Complete whose answer is lost is known by its object, where its repetition %s',
  async (repeatedComplete) => {
    const storage = await start(inParts, { repeatedComplete });
    server.faults.next({ match: 'CompleteMultipartUpload', fault: 'drop-before-answer' });
    const stored = await storage.put('k', bytes(12 * MIB), { ifAbsent: true });
    expect(stored).toMatchObject({ bytes: 12 * MIB, etag: server.get(bucket, 'k')?.etag });
    expect(server.openUploads(bucket)).toEqual([]);
  },
);

test('an abort while the last request is on its way ends in all or nothing', async () => {
  const storage = await start(inParts);
  for (const [length, operation] of [
    [1000, 'PutObject'],
    [12 * MIB, 'CompleteMultipartUpload'],
  ] as const) {
    const controller = new AbortController();
    const key = `k-${length}`;
    server.faults.next({
      match: (call) => {
        if (call.operation === operation) controller.abort();
        return call.operation === operation;
      },
      fault: 'drop-before-answer',
    });
    const outcome = await storage
      .put(key, bytes(length), { signal: controller.signal })
      .catch((error: OnRecordError) => error.code);
    if (outcome === 'aborted') expect(server.get(bucket, key)).toBeUndefined();
    else expect(outcome).toMatchObject({ bytes: length });
    expect(server.openUploads(bucket)).toEqual([]);
  }
});

test('an upload that cannot be aborted either is named, with what to do', async () => {
  const storage = await start(inParts);
  server.faults.next({
    match: 'UploadPart',
    fault: { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' },
    times: 9,
  });
  server.faults.next({
    match: 'AbortMultipartUpload',
    fault: { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' },
  });
  const error = await failure(storage.put('k', bytes(12 * MIB)));
  expect(error.code).toBe('storage-failed');
  expect(error.context['uploadId']).toBe(server.openUploads(bucket)[0]?.uploadId);
  expect(error.message).toMatch(/lifecycle rule/);
});

test('throttling is told apart, with the time that S3 asks for', async () => {
  // The client would wait that long by itself before a second attempt.
  const storage = await start({}, {}, 1);
  server.faults.next({
    fault: {
      status: 503,
      headers: { 'retry-after': '7', 'x-amz-request-id': 'REQ1' },
      body: '<Error><Code>SlowDown</Code></Error>',
    },
    times: 9,
  });
  const error = await failure(storage.put('k', bytes(10)));
  expect(error).toMatchObject({ code: 'rate-limited', retry: 'safe', blame: 'destination' });
  expect(error.context).toMatchObject({ providerCode: 'SlowDown', requestId: 'REQ1', retryAfterMs: 7000, store: 's3' });
});

test('a missing bucket is an error for every operation, also where S3 answers a bare 404', async () => {
  const storage = await start({ bucket: 'no-such-bucket' });
  for (const work of [
    () => storage.put('k', bytes(10)),
    () => storage.get('k'),
    () => storage.head('k'),
    () => storage.delete('k'),
    () => storage.list('').next(),
  ]) {
    const error = await failure(work());
    expect(error.code).toBe('not-found');
    expect(error.message).toMatch(/Create the bucket/);
  }
});

test('the bucket is looked at once, not with every object that is not there', async () => {
  const storage = await start();
  for (let round = 0; round < 3; round++) expect(await storage.head('k')).toBeUndefined();
  expect(operations()).toEqual(['HeadObject', 'HeadBucket', 'HeadObject', 'HeadObject']);
});

test('a wrong region, owner or key says what to correct', async () => {
  const storage = await start({}, { region: 'eu-central-1' });
  const other = (options: Partial<S3Options>) =>
    new Storage(s3({ bucket, client: { ...server.clientConfig() }, ...options }));
  const region = other({ client: { ...server.clientConfig(), region: 'us-east-1' } });
  expect((await failure(region.put('k', bytes(10)))).message).toMatch(/region of the bucket/);
  const owner = other({ expectedBucketOwner: '999999999999' });
  expect(await failure(owner.put('k', bytes(10)))).toMatchObject({ code: 'permission-denied', retry: 'never' });
  const secret = 'very secret indeed';
  const key = other({
    client: { ...server.clientConfig(), credentials: { accessKeyId: 'AKIANONE', secretAccessKey: secret } },
  });
  const refused = await failure(key.put('k', bytes(10)));
  expect(refused).toMatchObject({ code: 'unauthenticated', retry: 'never', blame: 'caller' });
  expect(JSON.stringify(refused) + refused.message).not.toContain(secret);
  expect(await storage.head('k')).toBeUndefined();
});

test('bytes that do not match the checksum that S3 keeps are an error at their end', async () => {
  const storage = await start();
  server.faults.next({
    match: 'GetObject',
    fault: {
      status: 200,
      headers: { etag: '"e"', 'x-amz-checksum-crc32': 'NhCmhg==', 'x-amz-checksum-type': 'FULL_OBJECT' },
      body: 'HELLO',
    },
  });
  const { body } = await storage.get('k');
  const reading = (async () => {
    for await (const _piece of body) {
      // Only its end matters.
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: 'integrity-failed', retry: 'safe', blame: 'destination' });
});

test('a copy of more than one request allows is made in parts, with type and metadata', async () => {
  await start({ singleCopyBytes: 6 * MIB, partBytes: 5 * MIB });
  const stored = await driver.doPut('source', bytes(12 * MIB), {
    contentType: 'audio/wav',
    metadata: { m: '1' },
    signal,
  });
  const copy = await driver.doCopyFrom(stored.uri, 'copy', { signal });
  expect(operations().filter((operation) => operation === 'UploadPartCopy')).toHaveLength(3);
  expect(copy).toMatchObject({ bytes: 12 * MIB, contentType: 'audio/wav', metadata: { m: '1' } });
  expect(
    Buffer.compare(
      server.get(bucket, 'copy')?.bytes ?? Buffer.of(),
      server.get(bucket, 'source')?.bytes ?? Buffer.of(),
    ),
  ).toBe(0);
  server.faults.next({ match: 'UploadPartCopy', fault: { status: 500 }, times: 99 });
  expect(
    driver.classifyError(await driver.doCopyFrom(stored.uri, 'failed', { signal }).catch((error: unknown) => error))
      .code,
  ).toBe('unavailable');
  expect(server.openUploads(bucket)).toEqual([]);
});

test('a copy comes from any bucket that the credentials may read', async () => {
  await start({}, { buckets: [bucket, 'landing'] });
  server.put('landing', 'amazon/a b.wav', Buffer.from('RIFF'), { contentType: 'audio/wav' });
  const copy = await driver.doCopyFrom('s3://landing/amazon/a b.wav', 'k', { signal });
  expect(copy).toMatchObject({ bytes: 4, contentType: 'audio/wav', uri: 's3://recordings/k' });
});

test('nothing is written to the console, whatever goes wrong', async () => {
  const written = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name));
  const storage = await start();
  server.faults.next({ match: 'PutObject', fault: 'drop-before-work', times: 9 });
  await failure(storage.put('k', bytes(3 * MIB), { bytes: 3 * MIB }));
  await failure(storage.put('k', bytes(10)));
  for (const spy of written) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

test('a source that fails behind its last byte stores nothing, also where only the length frames the body', async () => {
  const storage = await start();
  // Without a checksum there is no trailer, so S3 would take the object as complete at its announced length.
  const plain = s3({ bucket, client: { ...server.clientConfig(), requestChecksumCalculation: 'WHEN_REQUIRED' } });
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield* bytes(3 * MIB);
    // Time enough for the server to take what it would take for the whole.
    for (let turn = 0; turn < 200 && !server.get(bucket, 'k'); turn++) await setImmediate();
    throw new Error('digest differs');
  }
  const work = plain.doPut('k', failing(), { bytes: 3 * MIB, signal });
  await expect(work).rejects.toThrow('digest differs');
  expect(await storage.head('k')).toBeUndefined();
  await plain.doPut('k', bytes(3 * MIB), { bytes: 3 * MIB, signal });
  expect(server.get(bucket, 'k')?.bytes.byteLength).toBe(3 * MIB);
  await plain.close();
});
