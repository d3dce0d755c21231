import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Storage } from '@onrecord/core';
import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFileOperations } from './file-operations.ts';
import { filesystem } from './filesystem-driver.ts';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-storage-'));
  root = join(folder, 'root');
  await mkdir(root);
});
afterEach(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function keys(storage: Storage): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { key } of storage.list('')) found.push(key);
  return found;
}

test('an object is a plain file at its key, and its URI is a file URL', async () => {
  const storage = new Storage(filesystem(root));
  const stored = await storage.put('2026/a b#1.wav', bytes('hello'));
  expect(await readFile(join(root, '2026', 'a b#1.wav'), 'utf8')).toBe('hello');
  expect(stored.uri).toBe(pathToFileURL(join(root, '2026', 'a b#1.wav')).href);
  expect(stored.uri).toContain('/2026/a%20b%231.wav');
  expect(await readdir(root)).toEqual(expect.arrayContaining(['2026']));
});

test('a store that is ready has its folder, made with those above it, and nothing in it', async () => {
  const store = filesystem(join(folder, 'new', 'archive'));
  await Promise.all([store.ready(), store.ready()]);
  await store.ready();
  expect(await keys(new Storage(store))).toEqual([]);
  expect(await readdir(join(folder, 'new', 'archive', '.onrecord', 'incoming'))).toEqual([]);
});

test.each(['archive', 'archive/deeper'])('a file in the place of a folder is named: %s', async (path) => {
  await writeFile(join(folder, 'archive'), 'in the way');
  const store = filesystem(join(folder, path));
  await expect(store.ready()).rejects.toMatchObject({
    code: 'invalid-request',
    retry: 'never',
    message: expect.stringContaining(
      `The folder ${join(folder, path)} cannot hold recordings: a file is in its place.`,
    ),
  });
  expect(await readFile(join(folder, 'archive'), 'utf8')).toBe('in the way');
});

test('a file that another program put there is an object, and one that it changed has another etag', async () => {
  const storage = new Storage(filesystem(root));
  await writeFile(join(root, 'theirs.wav'), 'one');
  expect(await storage.head('theirs.wav')).toMatchObject({ bytes: 3, metadata: {} });
  const ours = await storage.put('ours.wav', bytes('two'), { metadata: { session: '1' } });
  await writeFile(join(root, 'ours.wav'), 'three');
  const changed = await storage.head('ours.wav');
  expect(changed?.etag).not.toBe(ours.etag);
  expect(changed?.metadata).toEqual({});
});

test('no key and no URI leads out of the root or into what belongs to the driver', async () => {
  const driver = filesystem(root);
  await writeFile(join(folder, 'secret'), 'outside');
  for (const key of [
    '../secret',
    'a/../../secret',
    '/etc/passwd',
    '.onrecord/attributes/x',
    '.onrecord',
    'a\\..\\b',
    '',
  ]) {
    expect(() => driver.uriOf(key), key).toThrow();
    await expect(driver.doPut(key, bytes('x'), { signal }), key).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(driver.doGet(key, { signal }), key).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(driver.doHead(key, { signal }), key).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(driver.doDelete(key, { signal }), key).rejects.toMatchObject({ code: 'invalid-request' });
  }
  const outside = pathToFileURL(join(folder, 'secret')).href;
  const base = pathToFileURL(root).href;
  for (const uri of [
    outside,
    `${base}/../secret`,
    `${base}/%2e%2e/secret`,
    `${base}/a%2f..%2f..%2fsecret`,
    base,
    'file://host/x',
    'file:',
  ]) {
    expect(driver.keyOf(uri), uri).toBeUndefined();
  }
  expect(driver.keyOf(`${base}/.onrecord/attributes/x`)).toBeUndefined();
});

test('symbolic links are neither followed, listed nor written through', async () => {
  const storage = new Storage(filesystem(root));
  const outside = join(folder, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'secret'), 'outside');
  await symlink(outside, join(root, 'folder'));
  await symlink(join(outside, 'secret'), join(root, 'file'));
  for (const key of ['folder/secret', 'file']) {
    await expect(storage.get(key), key).rejects.toMatchObject({
      code: expect.stringMatching(/not-found|permission-denied/),
    });
  }
  await expect(storage.put('folder/new', bytes('x'))).rejects.toMatchObject({ code: 'permission-denied' });
  await expect(storage.delete('folder/secret')).rejects.toMatchObject({ code: 'permission-denied' });
  await storage.delete('file');
  expect(await keys(storage)).toEqual([]);
  await storage.put('file', bytes('mine'));
  expect(await readdir(outside)).toEqual(['secret']);
  expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('outside');
});

test('the root itself may be a symbolic link', async () => {
  await symlink(root, join(folder, 'link'));
  await new Storage(filesystem(join(folder, 'link'))).put('k', bytes('x'));
  expect(await readFile(join(root, 'k'), 'utf8')).toBe('x');
});

test('a key below an object, or an object where a folder is, is a conflict and changes nothing', async () => {
  const storage = new Storage(filesystem(root));
  await storage.put('a', bytes('file'));
  await expect(storage.put('a/b', bytes('x'))).rejects.toMatchObject({ code: 'conflict' });
  await storage.put('d/e', bytes('x'));
  await expect(storage.put('d', bytes('x'))).rejects.toMatchObject({ code: 'conflict' });
  expect(await keys(storage)).toEqual(['a', 'd/e']);
  await expect(storage.put(`${'x'.repeat(300)}`, bytes('x'))).rejects.toMatchObject({ code: 'invalid-request' });
});

test('file and folder are synced, in this order, before a put ends', async () => {
  const synced: string[] = [];
  const files: typeof nodeFileOperations = {
    ...nodeFileOperations,
    open: async (path, flags, mode) => {
      const handle = await nodeFileOperations.open(path, flags, mode);
      return {
        write: (data) => handle.write(data),
        read: (buffer, offset, length, position) => handle.read(buffer, offset, length, position),
        stat: (options) => handle.stat(options),
        sync: async () => {
          synced.push(path.replace(/[0-9a-f]{8}-.*/, '<file>').slice(root.length));
          await handle.sync();
        },
        close: () => handle.close(),
      };
    },
    rename: async (from, to) => {
      synced.push('rename');
      await nodeFileOperations.rename(from, to);
    },
  };
  const storage = new Storage(filesystem(root, { files }));
  await storage.put('a/warm-up', bytes('x'));
  synced.length = 0;
  await storage.put('a/k', bytes('x'));
  expect(synced).toEqual(['/.onrecord/incoming/<file>', 'rename', '/a']);
});

test('a killed process leaves no object, and a day later nothing at all', async () => {
  const driverUrl = new URL('./filesystem-driver.ts', import.meta.url).href;
  const script = `
    const { filesystem } = await import(${JSON.stringify(driverUrl)});
    async function* source() {
      for (let index = 0; index < 100; index++) yield Buffer.alloc(10_000, 1);
      console.log('written');
      await new Promise(() => setInterval(() => {}, 1000));
    }
    await filesystem(${JSON.stringify(root)}).doPut('calls/one.wav', source(), { signal: new AbortController().signal });`;
  const child = spawn(
    process.execPath,
    ['--conditions=@onrecord/source', '--no-warnings', '--input-type=module', '--eval', script],
    { cwd: fileURLToPath(new URL('.', import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;

  using clock = new VirtualClock(Date.now());
  const incoming = join(root, '.onrecord', 'incoming');
  expect(await keys(new Storage(filesystem(root, { clock })))).toEqual([]);
  expect(await readdir(incoming)).toHaveLength(1);
  await new Storage(filesystem(root, { clock })).put('other', bytes('x'));
  expect(await readdir(incoming)).toHaveLength(1);
  await clock.advance(25 * 3_600_000);
  await new Storage(filesystem(root, { clock })).put('other', bytes('x'));
  expect(await readdir(incoming)).toEqual([]);
});

test('attributes of replaced and deleted versions do not pile up', async () => {
  const storage = new Storage(filesystem(root));
  for (let version = 0; version < 5; version++) {
    await storage.put('k', bytes(`version ${version}`), { metadata: { version: String(version) } });
  }
  expect((await storage.head('k'))?.metadata).toEqual({ version: '4' });
  const files = async () =>
    (await readdir(join(root, '.onrecord', 'attributes'), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
  expect(await files()).toHaveLength(1);
  await storage.delete('k');
  expect(await files()).toHaveLength(0);
});

test('a modification time set by hand is told as it is', async () => {
  const storage = new Storage(filesystem(root));
  await storage.put('k', bytes('x'));
  await utimes(join(root, 'k'), new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T03:04:05Z'));
  expect((await storage.head('k'))?.modifiedAt).toBe('2026-01-02T03:04:05.000Z');
});
