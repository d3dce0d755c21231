import type { DoPutOptions, ObjectInfo, StorageDriver } from '@onrecord/core';

/** A driver with one defect, and the case that has to notice it. */
export interface StorageMutant {
  readonly name: string;
  readonly caughtBy: string;
  /** The defective driver over a sound one, and whatever else of the driver stays sound. */
  break(driver: StorageDriver): StorageDriver;
}

type Put = StorageDriver['doPut'];

/** Each breaks another rule of the contract; a suite that passes one of them proves nothing. */
export const storageMutants: readonly StorageMutant[] = [
  mutant('keeps what came before a failure', 'STO-FAIL-001', (driver) => ({
    doPut: (key, body, options) => driver.doPut(key, untilFailure(body), options),
  })),
  mutant('commits at the announced length', 'STO-FAIL-002', (driver) => ({
    doPut: (key, body, options) =>
      driver.doPut(key, options.bytes === undefined ? body : firstBytes(body, options.bytes), options),
  })),
  mutant('does not check the announced length', 'STO-FAIL-003', (driver) => ({
    doPut: (key, body, { bytes: _bytes, ...options }) => driver.doPut(key, body, options),
  })),
  mutant('waits for a hanging source', 'STO-FAIL-004', (driver) => ({
    doPut: (key, body, options) => driver.doPut(key, body, { ...options, signal: new AbortController().signal }),
  })),
  mutant('deletes before it replaces', 'STO-FAIL-006', (driver) => ({
    doPut: async (key, body, options) => {
      await driver.doDelete(key, options);
      return driver.doPut(key, body, options);
    },
  })),
  mutant('never lets its source go', 'STO-FAIL-007', (driver) => ({
    doPut: (key, body, options) => driver.doPut(key, withoutReturn(body), options),
  })),
  mutant('loses metadata', 'STO-PUT-003', (driver) => ({
    doPut: (key, body, { metadata: _metadata, ...options }) => driver.doPut(key, body, options),
  })),
  mutant('drops a byte between pieces', 'STO-PUT-005', (driver) => ({
    doPut: (key, body, options) => driver.doPut(key, withoutByteAt(body, 5_000_000), options),
  })),
  mutant('looks first and writes then', 'STO-COND-002', (driver) => ({
    doPut: async (key, body, { ifAbsent, ...options }) => {
      const there = ifAbsent && (await driver.doHead(key, options));
      return there ? driver.doPut(key, body, { ...options, ifAbsent }) : driver.doPut(key, body, options);
    },
  })),
  mutant('ignores ifMatch', 'STO-COND-003', (driver) => ({
    doPut: (key, body, { ifMatch: _ifMatch, ...options }) => driver.doPut(key, body, options),
  })),
  mutant('takes the end of a range as excluded', 'STO-GET-001', (driver) => ({
    doGet: (key, options) => {
      const { first, last } = options.range ?? {};
      const range = first === undefined ? undefined : { first, last: last && last > first ? last - 1 : last };
      return driver.doGet(key, { ...options, range });
    },
  })),
  mutant('answers a bad range with everything', 'STO-GET-002', (driver) => ({
    doGet: (key, options) => driver.doGet(key, options).catch(() => driver.doGet(key, { signal: options.signal })),
  })),
  mutant('ends early on abort', 'STO-GET-004', (driver) => ({
    doGet: async (key, options) => {
      const { info, body } = await driver.doGet(key, options);
      return { info, body: untilFailure(body) };
    },
  })),
  mutant('fails to delete what is not there', 'STO-DEL-001', (driver) => ({
    doDelete: async (key, options) => {
      if (!(await driver.doHead(key, options))) throw new Error('nothing there');
      await driver.doDelete(key, options);
    },
  })),
  mutant('lists folder by folder', 'STO-LIST-001', (driver) => ({
    doList: async (prefix, options) => {
      const page = await driver.doList(prefix, options);
      const folder = (key: string) => key.slice(0, key.lastIndexOf('/') + 1);
      return { ...page, objects: page.objects.toSorted((a, b) => (folder(a.key) < folder(b.key) ? -1 : 1)) };
    },
  })),
  mutant('takes a prefix for a folder', 'STO-LIST-002', (driver) => ({
    doList: async (prefix, options) => {
      const page = await driver.doList(prefix, options);
      const inside = (key: string) => prefix === '' || key === prefix || key.startsWith(prefix.replace(/\/?$/, '/'));
      return { ...page, objects: page.objects.filter((object) => inside(object.key)) };
    },
  })),
  mutant('repeats the last key of a page', 'STO-LIST-003', (driver) => {
    let last: ObjectInfo | undefined;
    return {
      doList: async (prefix, options) => {
        const page = await driver.doList(prefix, options);
        const objects =
          options.cursor !== undefined && last ? [last, ...page.objects].slice(0, options.limit) : page.objects;
        last = page.objects.at(-1);
        return { ...page, objects };
      },
    };
  }),
  mutant('takes every URI for its own', 'STO-URI-002', (driver) => ({
    keyOf: (uri) => driver.keyOf(uri) ?? uri,
  })),
  mutant('judges nothing that is no Error', 'STO-ERR-003', (driver) => ({
    classifyError: (error) =>
      error instanceof Error ? driver.classifyError(error) : { ...driver.classifyError(error), blame: '' as 'caller' },
  })),
];

function mutant(
  name: string,
  caughtBy: string,
  defect: (driver: StorageDriver) => Partial<StorageDriver>,
): StorageMutant {
  return { name, caughtBy, break: (driver) => ({ ...sound(driver), ...defect(driver) }) };
}

/** The same driver as a plain object, whose members can be replaced. */
function sound(driver: StorageDriver): StorageDriver {
  const doPut: Put = (key: string, body: AsyncIterable<Uint8Array>, options: DoPutOptions) =>
    driver.doPut(key, body, options);
  return {
    type: driver.type,
    scheme: driver.scheme,
    capabilities: driver.capabilities,
    uriOf: (key) => driver.uriOf(key),
    keyOf: (uri) => driver.keyOf(uri),
    doPut,
    doGet: (key, options) => driver.doGet(key, options),
    doHead: (key, options) => driver.doHead(key, options),
    doDelete: (key, options) => driver.doDelete(key, options),
    doList: (prefix, options) => driver.doList(prefix, options),
    classifyError: (error) => driver.classifyError(error),
    native: () => driver.native(),
    close: () => driver.close(),
  };
}

async function* untilFailure(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {
    return;
  }
}

async function* firstBytes(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const piece of body) {
    yield piece.subarray(0, left);
    left -= Math.min(left, piece.byteLength);
    if (left === 0) return;
  }
}

function withoutReturn(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}

async function* withoutByteAt(body: AsyncIterable<Uint8Array>, position: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const piece of body) {
    const inside = position >= seen && position < seen + piece.byteLength ? position - seen : piece.byteLength;
    seen += piece.byteLength;
    yield piece.subarray(0, inside);
    yield piece.subarray(inside + 1);
  }
}
