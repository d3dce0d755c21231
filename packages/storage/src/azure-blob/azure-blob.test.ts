import { randomUUID } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { OnRecordError, Secret, Storage } from '@onrecord/core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../../../tools/testing/azurite.ts';
import { type BlobProxy, startBlobProxy } from '../testing/blob-proxy.ts';
import { type AzureBlobDriver, azureBlob } from './azure-blob-driver.ts';
import type { AzureBlobOptions } from './config.ts';

const MIB = 1024 * 1024;
const signal = new AbortController().signal;
let azurite: Azurite;
let proxy: BlobProxy;
let client: BlobServiceClient;
let container: string;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());
beforeEach(async () => {
  proxy = await startBlobProxy(azurite.origin);
  client = BlobServiceClient.fromConnectionString(connectionString(), {
    retryOptions: { maxTries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
  });
  container = `c${randomUUID()}`;
  await client.createContainer(container);
});
afterEach(() => proxy.close());

const connectionString = () =>
  `DefaultEndpointsProtocol=http;AccountName=${azurite.account};AccountKey=${azurite.accountKey};BlobEndpoint=${proxy.origin}/${azurite.account};`;
const driverWith = (options: Partial<AzureBlobOptions> = {}): AzureBlobDriver =>
  azureBlob({ container, client, ...options });

async function* bytes(length: number, pieceBytes = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += pieceBytes) yield Buffer.alloc(Math.min(pieceBytes, length - at), at % 251);
}

async function failure(work: Promise<unknown>): Promise<OnRecordError> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!OnRecordError.is(error)) throw error;
  return error;
}

test('metadata names that Blob does not take travel encoded, and those of others come back as they are', async () => {
  const driver = driverWith();
  const metadata = { 'session-id': '1', session_id: '2', '2nd': '3', plain: '4' };
  await driver.doPut('k', bytes(10), { metadata, signal });
  expect((await driver.doHead('k', { signal }))?.metadata).toEqual(metadata);
  const raw = await client.getContainerClient(container).getBlobClient('k').getProperties();
  expect(Object.keys(raw.metadata ?? {}).every((name) => /^[a-z_][a-z0-9_]*$/.test(name))).toBe(true);
  await client.getContainerClient(container).getBlobClient('k').setMetadata({ hdi_isfolder: 'true', Other: 'x' });
  expect((await driver.doHead('k', { signal }))?.metadata).toEqual({ hdi_isfolder: 'true', other: 'x' });
});

test('blocks are compared with the MD5 sent along, so a byte changed on its way is refused', async () => {
  const storage = new Storage(driverWith({ blockBytes: MIB }));
  const onTheWay = (operation: string) =>
    proxy.change((changed, body) => {
      if (changed !== operation) return body;
      const copy = Buffer.from(body);
      copy[1000] = (copy[1000] ?? 0) ^ 1;
      return copy;
    });
  for (const [operation, length] of [
    ['PutBlob', MIB / 2],
    ['PutBlock', 3 * MIB],
  ] as const) {
    onTheWay(operation);
    expect(await failure(storage.put('k', bytes(length)))).toMatchObject({ code: 'integrity-failed', retry: 'safe' });
    expect(await storage.head('k')).toBeUndefined();
  }
});

test('a writer whose blocks another writer discarded is told so', async () => {
  const driver = driverWith({ blockBytes: MIB });
  const other = driverWith({ blockBytes: MIB });
  const race = async (ifAbsent: boolean) => {
    const key = `k-${ifAbsent}`;
    const staged = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield* bytes(3 * MIB);
      staged.resolve();
      await goOn.promise;
      yield* bytes(10);
    }
    const losing = failure(new Storage(driver).put(key, slow(), { ifAbsent }));
    await staged.promise;
    await other.doPut(key, bytes(2 * MIB), { signal });
    goOn.resolve();
    return losing;
  };
  expect(await race(true)).toMatchObject({ code: 'already-exists' });
  expect(await race(false)).toMatchObject({ code: 'conflict', retry: 'safe' });
  expect((await driver.doHead('k-false', { signal }))?.bytes).toBe(2 * MIB);
});

test('a missing container is an error for every operation', async () => {
  const storage = new Storage(driverWith({ container: 'no-such-container' }));
  for (const work of [
    () => storage.put('k', bytes(10)),
    () => storage.get('k'),
    () => storage.head('k'),
    () => storage.delete('k'),
    () => storage.list('').next(),
  ]) {
    const error = await failure(work());
    expect(error.code).toBe('not-found');
    expect(error.message).toMatch(/Create the container/);
  }
});

test('throttling and refusals carry the code, the request id and the time that the service gives', async () => {
  const storage = new Storage(driverWith());
  proxy.faults.next({
    fault: { status: 503, headers: { 'x-ms-error-code': 'ServerBusy', 'x-ms-request-id': 'r-1', 'retry-after': '1' } },
    match: 'PutBlob',
    times: 9,
  });
  const busy = await failure(storage.put('k', bytes(10)));
  expect(busy).toMatchObject({ code: 'rate-limited', retry: 'safe', blame: 'destination' });
  expect(busy.context).toMatchObject({ providerCode: 'ServerBusy', requestId: 'r-1', retryAfterMs: 1000 });
  proxy.faults.clear();
  proxy.faults.next({ fault: { status: 403, headers: { 'x-ms-error-code': 'AuthorizationPermissionMismatch' } } });
  expect(await failure(storage.put('k', bytes(10)))).toMatchObject({ code: 'permission-denied', retry: 'never' });
});

test('a client made from a SAS stores and reads, and says that it makes no links and no copies', async () => {
  const { ContainerSASPermissions } = await import('@azure/storage-blob');
  const url = new URL(
    await client.getContainerClient(container).generateSasUrl({
      permissions: ContainerSASPermissions.parse('rwdlc'),
      expiresOn: new Date(Date.now() + 60_000),
    }),
  );
  const driver = driverWith({ client: new BlobServiceClient(`${proxy.origin}/${azurite.account}${url.search}`) });
  expect(driver.capabilities).toMatchObject({ presignRead: false, serverSideCopyFrom: [] });
  const storage = new Storage(driver);
  await storage.put('k', bytes(10));
  expect((await storage.head('k'))?.bytes).toBe(10);
  const before = proxy.requests();
  expect(await failure(storage.presignRead('k', { expiresInMs: 60_000 }))).toMatchObject({ code: 'unsupported' });
  await expect(driver.doCopyFrom(driver.uriOf('k'), 'copy', { signal })).rejects.toMatchObject({ code: 'unsupported' });
  expect(proxy.requests()).toBe(before);
});

test('a copy comes from another container of the account, not from another account', async () => {
  const driver = driverWith();
  const landing = `l${randomUUID()}`;
  await client.createContainer(landing);
  await client
    .getContainerClient(landing)
    .getBlockBlobClient('a b/ü.wav')
    .upload('RIFF', 4, { blobHTTPHeaders: { blobContentType: 'audio/wav' } });
  const copy = await driver.doCopyFrom(`azblob://${azurite.account}/${landing}/a b/ü.wav`, 'k', { signal });
  expect(copy).toMatchObject({ bytes: 4, contentType: 'audio/wav' });
  await expect(driver.doCopyFrom(`azblob://other/${landing}/x`, 'k', { signal })).rejects.toMatchObject({
    code: 'unsupported',
  });
});

test('a connection string may be a secret, and a wrong one is never repeated', async () => {
  const driver = azureBlob({ container, connectionString: new Secret(connectionString()) });
  await driver.doPut('k', bytes(10), { signal });
  expect(() => azureBlob({ container, connectionString: 'AccountName=a;AccountKey=hunter2' })).toThrow(
    expect.objectContaining({ code: 'invalid-request', message: expect.not.stringContaining('hunter2') }),
  );
  expect(() => azureBlob({ container })).toThrow(/give client or connectionString/);
  expect(() => azureBlob({ container, client, connectionString: 'x' })).toThrow(/give client or connectionString/);
});
