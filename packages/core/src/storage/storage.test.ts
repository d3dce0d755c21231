import { memory } from '@onrecord/storage';
import { expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { Storage } from './storage.ts';

const storage = new Storage(memory());

async function* source(error?: unknown): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(10);
  if (error !== undefined) throw error;
}

test('a source that breaks off is not the fault of the store', async () => {
  const reset = Object.assign(new Error('terminated: https://host/a?sig=secret'), { code: 'UND_ERR_SOCKET' });
  await expect(storage.put('a', source(reset))).rejects.toMatchObject({
    code: 'unavailable',
    retry: 'safe',
    blame: 'provider',
    message: expect.not.stringContaining('secret'),
    cause: reset,
  });
  expect(await storage.head('a')).toBeUndefined();
});

test('what a source says of itself is passed on', async () => {
  const expired = new OnRecordError('not-found', 'The link has expired.', { blame: 'provider' });
  await expect(storage.put('a', source(expired))).rejects.toBe(expired);
});

test('fewer bytes than announced are no object', async () => {
  await expect(storage.put('a', source(), { bytes: 11 })).rejects.toMatchObject({ code: 'integrity-failed' });
  expect(await storage.head('a')).toBeUndefined();
});

test('an abort is an abort, whatever the source throws then', async () => {
  const abort = new AbortController();
  async function* aborting(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1);
    abort.abort(new Error('enough'));
    throw new Error('socket hang up');
  }
  await expect(storage.put('a', aborting(), { signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' });
});

test('a fault of the store stays its own', async () => {
  const driver = memory();
  const full = Object.assign(Object.create(driver) as typeof driver, {
    doPut: async () => {
      throw new OnRecordError('storage-failed', 'No space is left.', { blame: 'destination', retry: 'safe' });
    },
  });
  await expect(new Storage(full).put('a', source())).rejects.toMatchObject({
    code: 'storage-failed',
    blame: 'destination',
  });
});
