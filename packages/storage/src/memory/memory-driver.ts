import {
  type Classification,
  type Clock,
  type DoGetOptions,
  type DoPutOptions,
  type ObjectInfo,
  OnRecordError,
  type OpenedObject,
  type StorageCapabilities,
  type StorageDriver,
  systemClock,
  timestamp,
} from '@onrecord/core';
import { keyUnder } from '../address/key-under.ts';
import { PutSource } from '../body/put-source.ts';
import { sliceOf } from '../body/range.ts';
import { wholeBody } from '../body/whole-body.ts';
import { abortable } from '../errors/aborted.ts';
import { alreadyExists, conflicting, notFound } from '../errors/conditions.ts';
import { classifyCommon } from '../errors/network.ts';
import { memoryCapabilities } from './capabilities.ts';

export interface MemoryOptions {
  /** Part of the URIs, so that two memory stores do not take each other's for their own. @default '' */
  readonly name?: string | undefined;
  /** @default 268435456 (256 MiB) */
  readonly maxObjectBytes?: number | undefined;
  /** Stamps `modifiedAt`. @default systemClock */
  readonly clock?: Clock | undefined;
}

interface Entry {
  readonly info: ObjectInfo;
  readonly content: Uint8Array;
}

/** Objects by key; what {@link MemoryDriver.native} gives out. */
export type MemoryObjects = ReadonlyMap<string, Uint8Array>;

/**
 * A store for tests and demos: gone with the process.
 *
 * @example
 * ```ts
 * const storage = new Storage(memory());
 * ```
 */
export function memory(options: MemoryOptions = {}): MemoryDriver {
  return new MemoryDriver(options);
}

export class MemoryDriver implements StorageDriver<MemoryObjects> {
  readonly type = 'memory';
  readonly scheme = 'mem';
  readonly capabilities: StorageCapabilities;
  readonly #root: string;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  #version = 0;

  constructor(options: MemoryOptions = {}) {
    this.capabilities = { ...memoryCapabilities, maxObjectBytes: options.maxObjectBytes ?? 256 * 1024 * 1024 };
    this.#root = `mem://${options.name ?? ''}/`;
    this.#clock = options.clock ?? systemClock;
  }

  uriOf(key: string): string {
    return this.#root + key;
  }

  keyOf(uri: string): string | undefined {
    return keyUnder(this.#root, uri);
  }

  async doPut(key: string, body: AsyncIterable<Uint8Array>, options: DoPutOptions): Promise<ObjectInfo> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of new PutSource(body, options)) {
      size += piece.byteLength;
      if (size > this.capabilities.maxObjectBytes) {
        throw new OnRecordError(
          'quota-exceeded',
          `The memory store takes ${this.capabilities.maxObjectBytes} bytes an object.`,
        );
      }
      pieces.push(piece);
    }
    const content = Buffer.concat(pieces, size);
    const current = this.#entries.get(key);
    if (options.ifAbsent && current) throw alreadyExists(this.uriOf(key));
    if (options.ifMatch !== undefined && current?.info.etag !== options.ifMatch) throw conflicting(this.uriOf(key));
    this.#version += 1;
    const info: ObjectInfo = {
      key,
      uri: this.uriOf(key),
      bytes: size,
      etag: `m${this.#version}`,
      contentType: options.contentType,
      metadata: { ...options.metadata },
      modifiedAt: timestamp(this.#clock.now()),
    };
    this.#entries.set(key, { info, content });
    return info;
  }

  doGet(key: string, options: DoGetOptions): Promise<OpenedObject> {
    const { signal } = options;
    return abortable(signal, async () => {
      const entry = this.#entries.get(key);
      if (!entry) throw notFound(this.uriOf(key));
      const { start, end } = sliceOf(options.range, entry.info.bytes, this.uriOf(key));
      return {
        info: entry.info,
        body: wholeBody(pieces(entry.content.subarray(start, end)), { bytes: end - start, key, signal }),
      };
    });
  }

  doHead(key: string, options: { readonly signal: AbortSignal }): Promise<ObjectInfo | undefined> {
    return abortable(options.signal, async () => this.#entries.get(key)?.info);
  }

  doDelete(key: string, options: { readonly signal: AbortSignal }): Promise<void> {
    return abortable(options.signal, async () => void this.#entries.delete(key));
  }

  doList(
    prefix: string,
    options: { readonly cursor?: string | undefined; readonly limit: number; readonly signal: AbortSignal },
  ): Promise<{ readonly objects: readonly ObjectInfo[]; readonly cursor?: string | undefined }> {
    const { cursor = '', limit, signal } = options;
    return abortable(signal, async () => {
      const after = Buffer.from(cursor);
      const found = [...this.#entries.values()]
        .map(({ info }) => ({ info, sortKey: Buffer.from(info.key) }))
        .filter(({ info, sortKey }) => info.key.startsWith(prefix) && Buffer.compare(sortKey, after) > 0)
        .sort((a, b) => Buffer.compare(a.sortKey, b.sortKey))
        .map(({ info }) => info);
      const objects = found.slice(0, limit);
      return { objects, cursor: found.length > limit ? objects.at(-1)?.key : undefined };
    });
  }

  classifyError(error: unknown): Classification {
    return classifyCommon(error) ?? { code: 'unknown', retry: 'never', blame: 'library' };
  }

  native(): MemoryObjects {
    return new Map([...this.#entries].map(([key, { content }]) => [key, content]));
  }

  async close(): Promise<void> {}
}

const PIECE_BYTES = 64 * 1024;

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.byteLength; at += PIECE_BYTES) yield content.slice(at, at + PIECE_BYTES);
}
