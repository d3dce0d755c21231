import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnRecordError, Storage } from '@onrecord/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FileOperations, nodeFileOperations, type OpenFile } from './file-operations.ts';
import { filesystem } from './filesystem-driver.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'onrecord-storage-'));
});
afterEach(() => rm(root, { recursive: true }));

type Step = 'open' | 'write' | 'sync' | 'sync folder' | 'close' | 'link' | 'rename' | 'mkdir' | 'readdir' | 'lstat';

/** A disk that fails with `code` at the `nth` time of a step, or every time from then on. */
function failing(
  step: Step,
  code: string,
  { nth = 1, forEver = false } = {},
): { files: FileOperations; hits(): number } {
  let count = 0;
  let hits = 0;
  const maybeFail = (now: Step) => {
    if (now !== step) return;
    count += 1;
    if (count < nth || (count > nth && !forEver)) return;
    hits += 1;
    throw Object.assign(new Error(`${code}: simulated, ${step}`), { code });
  };
  const wrap = (handle: OpenFile, folder: boolean): OpenFile => ({
    write: async (data) => {
      maybeFail('write');
      // A disk may take less than it is given.
      return handle.write(data.subarray(0, Math.max(1, data.byteLength >> 1)));
    },
    read: (buffer, offset, length, position) => handle.read(buffer, offset, length, position),
    stat: (options) => handle.stat(options),
    sync: async () => {
      maybeFail(folder ? 'sync folder' : 'sync');
      await handle.sync();
    },
    close: async () => {
      await handle.close();
      maybeFail('close');
    },
  });
  const guard =
    <P extends unknown[], R>(name: Step, operation: (...parameters: P) => Promise<R>) =>
    async (...parameters: P): Promise<R> => {
      maybeFail(name);
      return operation(...parameters);
    };
  const { lstat, mkdir, readdir: list, link, rename, unlink } = nodeFileOperations;
  const files: FileOperations = {
    open: async (path, flags, mode) => {
      maybeFail('open');
      const handle = await nodeFileOperations.open(path, flags, mode);
      return wrap(handle, (await handle.stat({ bigint: true })).isDirectory());
    },
    lstat: guard('lstat', lstat),
    mkdir: guard('mkdir', mkdir),
    readdir: guard('readdir', list),
    link: guard('link', link),
    rename: guard('rename', rename),
    unlink,
  };
  return { files, hits: () => hits };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function put(files: FileOperations, text: string, options: { ifAbsent?: boolean } = {}): Promise<unknown> {
  const storage = new Storage(filesystem(root, { files }));
  return storage.put('calls/one.wav', bytes(text), { contentType: 'audio/wav', ...options }).then(
    () => 'stored',
    (error: unknown) => error,
  );
}

/** Every file below the root but attributes, with its content. */
async function filesLeft(): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path.slice(root.length + 1)}: ${await readFile(path, 'utf8')}`;
    }),
  );
}

test.each([
  ['a full disk while writing', 'write', 'ENOSPC', 'storage-failed', /full/],
  ['a full disk at the first folder', 'mkdir', 'ENOSPC', 'storage-failed', /full/],
  ['a used up quota', 'write', 'EDQUOT', 'quota-exceeded', /quota/],
  ['an I/O error while writing', 'write', 'EIO', 'storage-failed', /input\/output/],
  ['an I/O error at fsync', 'sync', 'EIO', 'storage-failed', /input\/output/],
  ['an I/O error at close', 'close', 'EIO', 'storage-failed', /input\/output/],
  ['a folder that cannot be opened', 'open', 'EACCES', 'permission-denied', /access/],
  ['a read-only filesystem', 'mkdir', 'EROFS', 'permission-denied', /read-only/],
  ['too many open files', 'open', 'EMFILE', 'unavailable', /open/],
  ['a mount inside the root', 'rename', 'EXDEV', 'storage-failed', /mounted/],
] as const)('%s is one clear error, says what to do, and leaves nothing', async (_name, step, code, expected, text) => {
  const disk = failing(step, code, { forEver: true });
  const error = await put(disk.files, 'hello');
  expect(disk.hits()).toBeGreaterThan(0);
  expect(OnRecordError.is(error, expected)).toBe(true);
  expect((error as OnRecordError).message).toMatch(text);
  expect((error as OnRecordError).context).toMatchObject({
    operation: 'put',
    key: 'calls/one.wav',
    providerCode: code,
  });
  expect(await filesLeft()).toEqual([]);
});

test.each(['write', 'sync', 'close', 'rename', 'open'] as const)(
  'a disk that fails once, at any %s of a replacement, leaves the earlier recording as it was',
  async (step) => {
    await put(nodeFileOperations, 'earlier');
    for (let nth = 1; ; nth++) {
      const disk = failing(step, 'EIO', { nth });
      const outcome = await put(disk.files, 'later');
      if (disk.hits() === 0) break;
      const storage = new Storage(filesystem(root));
      const { body, info } = await storage.get('calls/one.wav');
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      const text = Buffer.concat(pieces).toString();
      // Behind the rename the new one is there, whole, with its attributes.
      expect(['earlier', 'later']).toContain(text);
      if (outcome === 'stored') expect(text).toBe('later');
      expect(info.contentType).toBe('audio/wav');
      expect((await filesLeft()).filter((file) => file.startsWith('.onrecord/incoming'))).toEqual([]);
      expect(nth).toBeLessThan(100);
    }
  },
);

test('a new object whose folder cannot be made durable is taken back', async () => {
  await put(nodeFileOperations, 'other');
  await rm(join(root, 'calls/one.wav'));
  for (let nth = 1; ; nth++) {
    const disk = failing('sync folder', 'EIO', { nth });
    const outcome = await put(disk.files, 'hello', { ifAbsent: true });
    if (disk.hits() === 0) break;
    expect(OnRecordError.is(outcome, 'storage-failed')).toBe(true);
    expect((await filesLeft()).filter((file) => file.includes('hello'))).toEqual([]);
    expect(nth).toBeLessThan(100);
  }
});

test.each([
  ['a full disk', 'write', 'ENOSPC', 'storage-failed', /The disk of the store is full/],
  ['a read-only filesystem', 'mkdir', 'EROFS', 'permission-denied', /read-only/],
  ['a folder without access', 'open', 'EACCES', 'permission-denied', /denies access/],
  ['an unknown trouble', 'sync', 'EWHAT', 'storage-failed', /EWHAT/],
] as const)('%s is found before anything is to be stored', async (_name, step, code, expected, text) => {
  const folder = join(root, 'archive');
  const error = await filesystem(folder, { files: failing(step, code, { forEver: true }).files })
    .ready()
    .catch((thrown: unknown) => thrown);
  expect(OnRecordError.is(error, expected)).toBe(true);
  expect((error as OnRecordError).message).toMatch(text);
  expect((error as OnRecordError).message).toContain(folder);
  expect(await filesLeft()).toEqual([]);
});

test('a filesystem without hard links refuses ifAbsent instead of racing', async () => {
  const error = await put(failing('link', 'EPERM').files, 'hello', { ifAbsent: true });
  expect(OnRecordError.is(error, 'unsupported')).toBe(true);
  expect(await filesLeft()).toEqual([]);
});

test('an I/O error while listing or looking is not mistaken for an empty store', async () => {
  await put(nodeFileOperations, 'hello');
  const list = async (files: FileOperations) => {
    for await (const _object of new Storage(filesystem(root, { files })).list('')) {
      // The first object is enough.
    }
  };
  await expect(list(failing('readdir', 'EIO').files)).rejects.toMatchObject({ code: 'storage-failed' });
  const storage = new Storage(filesystem(root, { files: failing('lstat', 'EIO').files }));
  await expect(storage.head('calls/one.wav')).rejects.toMatchObject({ code: 'storage-failed' });
});
