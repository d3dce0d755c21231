import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonObject, OnRecordError, type SessionStore } from '@onrecord/core';
import { createContainer, SessionStoreToken } from '@onrecord/core/inversify';
import { SimulatedS3 } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { sessionRecord } from '../testing/session-record.ts';

const connectionString = `endpoint=https://example.communication.azure.com/;accesskey=${Buffer.from('key').toString('base64')}`;
const providers = { main: { type: 'azure', connectionString } };

async function withStore<T>(store: JsonObject, work: (store: SessionStore) => Promise<T>): Promise<T> {
  const container = await createContainer({ providers, store });
  try {
    return await work(await container.getAsync(SessionStoreToken));
  } finally {
    await container.unbindAllAsync();
  }
}

test('sessions are kept in a bucket that the configuration names', async () => {
  await using server = await SimulatedS3.start({ buckets: ['sessions'] });
  const { credentials, endpoint, region } = server.clientConfig();
  const { accessKeyId, secretAccessKey } = credentials as { accessKeyId: string; secretAccessKey: string };
  const access = {
    accessKeyId,
    secretAccessKey,
    region: String(region),
    endpoint: String(endpoint),
    forcePathStyle: true,
  };
  const store = { type: 'object', storage: { type: 's3', bucket: 'sessions', ...access }, prefix: 'test/' };
  await withStore(store, (first) => first.create(sessionRecord('s1'), ['a']));
  await withStore(store, async (second) => expect((await second.findByKey('a'))?.id).toBe('s1'));
  expect(server.requests().some(({ key }) => key === 'test/sessions/s1.json')).toBe(true);
});

test('everything that is wrong is told with its path', async () => {
  const error = await createContainer({
    providers,
    store: { type: 'object', storage: { type: 's3', bukket: 'sessions' }, watchIntervalMs: 0, prefx: 'a/' },
  }).catch((thrown: unknown) => thrown);
  if (!OnRecordError.is(error)) throw error;
  expect([...(error.context['paths'] as readonly string[])].sort()).toEqual(
    expect.arrayContaining(['store.prefx', 'store.storage.bukket', 'store.watchIntervalMs']),
  );
  const missing = createContainer({ providers, store: { type: 'object' } });
  await expect(missing).rejects.toThrow(/store\.storage: Must name where sessions are kept/);
  const unknown = createContainer({ providers, store: { type: 'object', storage: { type: 'floppy' } } });
  await expect(unknown).rejects.toThrow(/store\.storage\.type: There is no storage type "floppy"/);
});

test('a storage without atomic conditions is refused when the store is made', async () => {
  const path = mkdtempSync(join(tmpdir(), 'onrecord-config-'));
  const store = { type: 'object', storage: { type: 'filesystem', path } };
  try {
    await expect(withStore(store, async () => {})).rejects.toMatchObject({ code: 'unsupported' });
  } finally {
    rmSync(path, { recursive: true });
  }
});
