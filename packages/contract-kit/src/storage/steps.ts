import { equal, fail, ok } from 'node:assert/strict';
import { type ErrorCode, type ObjectInfo, OnRecordError, type StorageDriver } from '@onrecord/core';
import type { StorageHarness } from './harness.ts';
import { fingerprint, inPieces } from './sources.ts';

/** A signal that is never aborted. */
export const never: AbortSignal = new AbortController().signal;

/** Puts bytes whose length is known. */
export function put(
  driver: StorageDriver,
  key: string,
  bytes: Uint8Array,
  options: { readonly ifAbsent?: boolean; readonly ifMatch?: string } = {},
): Promise<ObjectInfo> {
  return driver.doPut(key, inPieces(bytes), { ...options, bytes: bytes.byteLength, signal: never });
}

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function contentOf(driver: StorageDriver, key: string): Promise<Uint8Array> {
  const { body } = await driver.doGet(key, { signal: never });
  return bytesOf(body);
}

/** Fails unless exactly these bytes are stored under `key`. */
export async function holds(driver: StorageDriver, key: string, bytes: Uint8Array): Promise<void> {
  const content = await contentOf(driver, key);
  ok(Buffer.compare(content, bytes) === 0, `${key} holds ${fingerprint(content)} instead of ${fingerprint(bytes)}`);
}

/** Fails if anything of `key` is there: an object, an entry in a listing, or an upload somewhere between. */
export async function holdsNothing(harness: StorageHarness, driver: StorageDriver, key: string): Promise<void> {
  equal(await driver.doHead(key, { signal: never }), undefined, `there is an object under ${key}`);
  const { objects } = await driver.doList('', { limit: 1000, signal: never });
  ok(!objects.some((object) => object.key === key), `${key} is listed`);
  const uploads = (await harness.openUploads?.()) ?? [];
  equal(uploads.length, 0, `open uploads are left: ${uploads.join(', ')}`);
}

/** What a driver or the portable class throws, by its code; fails when `work` succeeds. */
export async function codeOf(driver: StorageDriver, work: Promise<unknown>): Promise<ErrorCode> {
  const error = await errorOf(work);
  return OnRecordError.is(error) ? error.code : driver.classifyError(error).code;
}

export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return fail('it succeeded, an error was to be expected');
}

/** Fails if `work` lets a request reach the store, where requests are counted. */
export async function withoutRequest(harness: StorageHarness, work: () => Promise<void>): Promise<void> {
  const before = harness.requests?.();
  await work();
  equal(harness.requests?.(), before, 'a request reached the store');
}

/** Every key in the order in which the pages of a listing give them. */
export async function listed(driver: StorageDriver, prefix: string, limit: number): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await driver.doList(prefix, { cursor, limit, signal: never });
    ok(page.objects.length <= limit, `a page of ${limit} has ${page.objects.length} objects`);
    keys.push(...page.objects.map((object) => object.key));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return keys;
}
