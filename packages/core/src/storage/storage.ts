import { createHash } from 'node:crypto';
import { OnRecordError, withoutSecrets } from '../errors/index.ts';
import { checkKey } from './key.ts';
import type { ObjectInfo, OpenedObject, StorageDriver } from './storage-driver.ts';

export interface PutOptions {
  /** Exact length, when known: checked against what arrives, and it may save a multipart upload. */
  readonly bytes?: number | undefined;
  readonly contentType?: string | undefined;
  readonly metadata?: { readonly [name: string]: string } | undefined;
  readonly ifAbsent?: boolean | undefined;
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An object as it was just written, with the digest of the bytes that went in. */
export interface StoredObject extends ObjectInfo {
  /** Lower-case hex. */
  readonly sha256: string;
}

const never: AbortSignal = new AbortController().signal;

async function* watched(body: AsyncIterable<Uint8Array>, failed: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    failed(error);
    throw error;
  }
}

function brokenOff(error: unknown, key: string): OnRecordError {
  if (OnRecordError.is(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new OnRecordError('unavailable', `The source of ${key} broke off: ${withoutSecrets(reason)}.`, {
    retry: 'safe',
    blame: 'provider',
    context: { key },
    cause: error,
  });
}

/**
 * A store as applications see it: safe keys, SHA-256 while streaming, lengths checked at both ends, one kind of error.
 *
 * @example
 * ```ts
 * const storage = new Storage(filesystem('recordings'));
 * const stored = await storage.put('2026/call.wav', createReadStream('call.wav'));
 * console.log(stored.uri, stored.sha256);
 * ```
 */
export class Storage {
  readonly driver: StorageDriver;

  constructor(driver: StorageDriver) {
    this.driver = driver;
  }

  /** Whether this store holds what the URI names. */
  holds(uri: string): boolean {
    return this.driver.keyOf(uri) !== undefined;
  }

  /**
   * Stores all of the bytes or nothing.
   * @throws OnRecordError `already-exists` / `conflict` (conditions), `unsupported` (a condition the store cannot
   * keep atomically), `integrity-failed` (length or checksum differs), `unavailable` (the source broke off),
   * `storage-failed` and what the driver classifies.
   */
  async put(key: string, body: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<StoredObject> {
    checkKey(key);
    this.#checkConditions(options);
    const hash = createHash('sha256');
    let bytes = 0;
    const limit = this.driver.capabilities.maxObjectBytes;
    let source: { readonly error: unknown } | undefined;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of watched(body, (error) => {
        source = { error };
      })) {
        hash.update(piece);
        bytes += piece.length;
        if (bytes > limit) {
          throw new OnRecordError(
            'quota-exceeded',
            `The object ${key} is larger than the ${limit} bytes this store takes.`,
          );
        }
        yield piece;
      }
      if (options.bytes !== undefined && bytes !== options.bytes) {
        throw new OnRecordError(
          'integrity-failed',
          `${bytes} bytes came for ${key}, ${options.bytes} were announced.`,
          {
            retry: 'safe',
            blame: 'provider',
          },
        );
      }
    }
    const info = await this.#run('put', key, () =>
      this.driver.doPut(key, counted(), { ...options, signal: options.signal ?? never }),
    ).catch((error: unknown) => {
      // The store cannot tell a source that broke off from a fault of its own.
      throw source && !options.signal?.aborted ? brokenOff(source.error, key) : error;
    });
    const sha256 = hash.digest('hex');
    const checksum = info.checksum?.algorithm === 'sha256' ? info.checksum.hex : sha256;
    if (info.bytes !== bytes || checksum !== sha256) {
      throw new OnRecordError('integrity-failed', `The store holds other bytes under ${key} than were sent.`, {
        retry: 'safe',
        blame: 'destination',
        context: { key, sent: bytes, stored: info.bytes },
      });
    }
    return { ...info, sha256 };
  }

  /** @throws OnRecordError `not-found`. */
  async get(
    key: string,
    options: {
      readonly range?: { readonly first: number; readonly last?: number | undefined } | undefined;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ): Promise<OpenedObject> {
    checkKey(key);
    return this.#run('get', key, () =>
      this.driver.doGet(key, { range: options.range, signal: options.signal ?? never }),
    );
  }

  async head(
    key: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ObjectInfo | undefined> {
    checkKey(key);
    return this.#run('head', key, () => this.driver.doHead(key, { signal: options.signal ?? never }));
  }

  /** No object there is success. */
  async delete(key: string, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    checkKey(key);
    await this.#run('delete', key, () => this.driver.doDelete(key, { signal: options.signal ?? never }));
  }

  /** Every object whose key begins with `prefix`, in key order, page by page. */
  async *list(
    prefix: string,
    options: { readonly pageSize?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<ObjectInfo> {
    let cursor: string | undefined;
    do {
      const page = await this.#run('list', prefix, () =>
        this.driver.doList(prefix, { cursor, limit: options.pageSize ?? 1_000, signal: options.signal ?? never }),
      );
      yield* page.objects;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** A link that reads the object without credentials, for `expiresInMs` milliseconds. */
  async presignRead(
    key: string,
    options: { readonly expiresInMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<string> {
    checkKey(key);
    const presign = this.driver.doPresignRead?.bind(this.driver);
    if (!presign) throw this.#unsupported('presigned links');
    return this.#run('presign', key, () =>
      presign(key, { expiresInMs: options.expiresInMs, signal: options.signal ?? never }),
    );
  }

  async close(): Promise<void> {
    await this.driver.close();
  }

  #checkConditions(options: PutOptions): void {
    if (options.ifAbsent && this.driver.capabilities.ifAbsent !== 'atomic') throw this.#unsupported('atomic ifAbsent');
    if (options.ifMatch !== undefined && this.driver.capabilities.ifMatch !== 'atomic') {
      throw this.#unsupported('atomic ifMatch');
    }
  }

  #unsupported(what: string): OnRecordError {
    return new OnRecordError('unsupported', `The ${this.driver.type} store does not offer ${what}.`);
  }

  async #run<T>(operation: string, key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw OnRecordError.wrap(error, this.driver.classifyError(error), { operation, store: this.driver.type, key });
    }
  }
}
