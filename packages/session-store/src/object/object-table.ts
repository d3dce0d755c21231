import { coalesce, type ObjectInfo, OnRecordError, type Storage } from '@onrecord/core';
import { decodeJson } from '../record/decode.ts';
import { shortId } from './short-id.ts';

/** Writes of which an object remembers that they happened, the newest first. */
const remembered = 8;

/** How often a write is repeated that the store refused although its condition still holds (S3: 409). */
const maxAttempts = 5;

/** The most that S3 lists with one request. */
const largestPage = 1_000;

export type Condition = { readonly ifAbsent: true } | { readonly ifMatch: string };

/** A JSON object as it lies in the store. */
export interface Found {
  readonly value: { readonly [member: string]: unknown };
  readonly etag: string;
  /** The last writes that made it what it is. */
  readonly writes: readonly string[];
}

/**
 * What was written, without etag when others wrote after it; or what stands in its way, `undefined` when nothing does
 * any more.
 */
export type Written =
  | { readonly etag: string | undefined; readonly writes: readonly string[] }
  | { readonly refused: Found | undefined };

/**
 * JSON objects in a store, each written under a condition. A write whose answer is lost is looked for: every object
 * names the writes that made it, so that it is known whether ours happened, also after others followed it.
 */
export class ObjectTable {
  readonly storage: Storage;
  readonly #prefix: string;
  readonly #timeoutMs: number;
  readonly #removals = new Set<Promise<void>>();
  readonly #content = coalesce((name) => this.#fetch(name));

  constructor(storage: Storage, options: { readonly prefix: string; readonly requestTimeoutMs: number }) {
    this.storage = storage;
    this.#prefix = options.prefix;
    this.#timeoutMs = options.requestTimeoutMs;
  }

  /** Where an object lies, for messages. */
  uriOf(name: string): string {
    return this.storage.driver.uriOf(this.#prefix + name);
  }

  /** What is there when this is called, or later: reads of one object at the same time are one request, or two. */
  async read(name: string): Promise<Found | undefined> {
    const content = await this.#content(name);
    if (!content) return undefined;
    // Read anew for everybody, so that nobody holds what another may change.
    const value = decodeJson(content.text, this.uriOf(name));
    if (typeof value !== 'object' || value === null) throw foreign(this.uriOf(name));
    const writes: unknown = Reflect.get(value, 'writes');
    return { value: { ...value }, etag: content.etag, writes: Array.isArray(writes) ? writes.map(String) : [] };
  }

  /** The etag only; `undefined` when there is no such object. */
  async etagOf(name: string): Promise<string | undefined> {
    try {
      return (await this.storage.head(this.#prefix + name, { signal: this.#signal() }))?.etag;
    } catch (error) {
      throw this.#failed('head', name, error);
    }
  }

  /**
   * @param before the writes of the version that this one replaces.
   * @throws OnRecordError when the store fails, and it cannot be found out that the write happened after all.
   */
  async write(
    name: string,
    value: { readonly [member: string]: unknown },
    condition: Condition,
    before: readonly string[] = [],
  ): Promise<Written> {
    const mine = shortId();
    const writes = [mine, ...before].slice(0, remembered);
    const body = Buffer.from(JSON.stringify({ ...value, writes }));
    for (let attempt = 1; ; attempt++) {
      try {
        const { etag } = await this.#put(name, body, condition);
        return { etag, writes };
      } catch (error) {
        const failure = this.#failed('put', name, error);
        if (!mayHaveArrived(failure)) throw failure;
        const found = await this.read(name).catch(() => {
          throw failure;
        });
        if (found?.writes.includes(mine)) {
          return { etag: found.writes[0] === mine ? found.etag : undefined, writes };
        }
        if (!isRefusal(failure)) throw failure;
        if (!holds(condition, found) || attempt === maxAttempts) return { refused: found };
      }
    }
  }

  /** Writes a small object whose name says everything; repeating it changes nothing. */
  async mark(name: string, text: string): Promise<void> {
    try {
      await this.#put(name, Buffer.from(text), {});
    } catch (error) {
      throw this.#failed('put', name, error);
    }
  }

  /** Removes what nothing counts on any more, without keeping anybody waiting; what fails is found again later. */
  removeLater(name: string): void {
    const removal = this.remove(name)
      .catch(() => {})
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  /** Resolves when nothing is being removed any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#removals);
  }

  async remove(name: string): Promise<void> {
    try {
      await this.storage.delete(this.#prefix + name, { signal: this.#signal() });
    } catch (error) {
      throw this.#failed('delete', name, error);
    }
  }

  /** One page of what begins with `prefix`, in order; names are relative to the store's own prefix. */
  async page(
    prefix: string,
    options: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly entries: readonly Entry[]; readonly cursor?: string | undefined }> {
    const { driver } = this.storage;
    const { limit, cursor } = options;
    try {
      const page = await driver.doList(this.#prefix + prefix, { limit, cursor, signal: this.#signal() });
      return { entries: page.objects.map((info) => this.#entry(info)), cursor: page.cursor };
    } catch (error) {
      throw this.#failed('list', prefix, OnRecordError.wrap(error, driver.classifyError(error), {}));
    }
  }

  /**
   * Everything that begins with `prefix`; a page is asked for when the one before is used up. The first one is small,
   * since most readers stop early, and each further one larger.
   */
  async *entries(prefix: string, firstPage: number): AsyncGenerator<Entry> {
    let cursor: string | undefined;
    let limit = firstPage;
    do {
      const page = await this.page(prefix, { limit, cursor });
      yield* page.entries;
      cursor = page.cursor;
      limit = Math.min(largestPage, limit * 8);
    } while (cursor !== undefined);
  }

  async #fetch(name: string): Promise<Content | undefined> {
    try {
      const { info, body } = await this.storage.get(this.#prefix + name, { signal: this.#signal() });
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      return { text: Buffer.concat(pieces).toString(), etag: info.etag };
    } catch (error) {
      if (isNoObject(error)) return undefined;
      throw this.#failed('read', name, error);
    }
  }

  #entry({ key, bytes, modifiedAt }: ObjectInfo): Entry {
    return {
      name: key.slice(this.#prefix.length),
      bytes,
      modifiedMs: modifiedAt === undefined ? undefined : Date.parse(modifiedAt),
    };
  }

  #put(name: string, body: Buffer, condition: Condition | Record<never, never>): Promise<ObjectInfo> {
    return this.storage.put(this.#prefix + name, once(body), {
      bytes: body.byteLength,
      contentType: 'application/json',
      ...condition,
      signal: this.#signal(),
    });
  }

  #signal(): AbortSignal {
    return AbortSignal.timeout(this.#timeoutMs);
  }

  #failed(operation: string, name: string, error: unknown): OnRecordError {
    if (OnRecordError.is(error)) return error;
    const text = error instanceof Error ? error.message : String(error);
    return new OnRecordError('storage-failed', `The session store failed at ${this.uriOf(name)}: ${text}.`, {
      retry: 'safe',
      blame: 'destination',
      context: { operation, name },
      cause: error,
    });
  }
}

interface Content {
  readonly text: string;
  readonly etag: string;
}

/** One object of a listing. */
export interface Entry {
  readonly name: string;
  readonly bytes: number;
  /** Epoch ms by the clock of the store, where it tells. */
  readonly modifiedMs: number | undefined;
}

/** A driver says so of an object itself; with a code of the service beside it the bucket or container is missing. */
function isNoObject(error: unknown): boolean {
  if (!OnRecordError.is(error, 'not-found')) return false;
  const providerCode = error.context['providerCode'];
  return providerCode === undefined || providerCode === 'NoSuchKey' || providerCode === 'BlobNotFound';
}

function isRefusal(error: OnRecordError): boolean {
  return error.code === 'already-exists' || error.code === 'conflict' || error.code === 'not-found';
}

const refusedForGood: readonly string[] = [
  'unsupported',
  'invalid-request',
  'unauthenticated',
  'permission-denied',
  'quota-exceeded',
];

function mayHaveArrived(error: OnRecordError): boolean {
  return !refusedForGood.includes(error.code);
}

function holds(condition: Condition, found: Found | undefined): boolean {
  return 'ifAbsent' in condition ? found === undefined : found?.etag === condition.ifMatch;
}

async function* once(body: Buffer): AsyncGenerator<Uint8Array> {
  yield body;
}

function foreign(uri: string): OnRecordError {
  return new OnRecordError('integrity-failed', `${uri} is no object of a session store.`, { blame: 'destination' });
}
