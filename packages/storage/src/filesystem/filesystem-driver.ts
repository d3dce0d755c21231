import { constants } from 'node:fs';
import { dirname } from 'node:path';
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
import { PutSource } from '../body/put-source.ts';
import { sliceOf } from '../body/range.ts';
import { wholeBody } from '../body/whole-body.ts';
import { abortable, abortedError } from '../errors/aborted.ts';
import { alreadyExists, notFound } from '../errors/conditions.ts';
import { errorCode } from '../errors/network.ts';
import { AttributeFiles, type Attributes, identityOf } from './attributes.ts';
import { filesystemCapabilities } from './capabilities.ts';
import { classifyFileError } from './errors.ts';
import { type FileOperations, type FileStatus, nodeFileOperations, type OpenFile } from './file-operations.ts';
import { Folder } from './folder.ts';
import { type IncomingFile, sweepIncoming, writeIncoming } from './incoming.ts';
import { readFile } from './read-file.ts';
import { tryFolder } from './try-folder.ts';
import { walk } from './walk.ts';

export interface FilesystemOptions {
  /** The calls of the operating system; a test replaces them to make the disk fail. @default those of Node */
  readonly files?: FileOperations | undefined;
  /** Decides which files of killed processes are old enough to remove. @default systemClock */
  readonly clock?: Clock | undefined;
}

/** Closes files whose bodies nobody ever began to read. A body that was read has closed its own; twice is harmless. */
const unread = new FinalizationRegistry<OpenFile>((handle) => void handle.close().catch(() => {}));

/**
 * A store of plain files below `root`, which is created when needed. A file is written beside its place, synced, and
 * moved there in one step, so that a reader or a crash sees all of it or nothing.
 *
 * @example
 * ```ts
 * const recorder = createRecorder(driver, { archive: filesystem('recordings') });
 * ```
 */
export function filesystem(root: string, options: FilesystemOptions = {}): FilesystemDriver {
  return new FilesystemDriver(root, options);
}

export class FilesystemDriver implements StorageDriver<string> {
  readonly type = 'filesystem';
  readonly scheme = 'file';
  readonly capabilities: StorageCapabilities = filesystemCapabilities;
  readonly #folder: Folder;
  readonly #files: FileOperations;
  readonly #attributes: AttributeFiles;
  readonly #clock: Clock;
  #swept: Promise<void> | undefined;

  constructor(root: string, options: FilesystemOptions = {}) {
    this.#files = options.files ?? nodeFileOperations;
    this.#folder = new Folder(root, this.#files);
    this.#attributes = new AttributeFiles(this.#folder, this.#files);
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Makes the folder, and writes and removes a file in it: at a start, so that not the first recording finds out.
   * @throws OnRecordError that names the folder: `invalid-request` (a file is in its place), `permission-denied`, `storage-failed`.
   */
  ready(): Promise<void> {
    return tryFolder(this.#folder, this.#files);
  }

  uriOf(key: string): string {
    return this.#folder.uriOf(key);
  }

  keyOf(uri: string): string | undefined {
    return this.#folder.keyOf(uri);
  }

  async doPut(key: string, body: AsyncIterable<Uint8Array>, options: DoPutOptions): Promise<ObjectInfo> {
    const target = this.#folder.pathOf(key);
    if (options.ifMatch !== undefined) {
      throw new OnRecordError('unsupported', 'The filesystem store does not offer atomic ifMatch.');
    }
    if (options.signal.aborted) throw abortedError(options.signal);
    this.#swept ??= sweepIncoming(this.#folder, this.#files, this.#clock.now()).catch(() => {});
    await this.#swept;
    const incoming = await writeIncoming(this.#folder, this.#files, new PutSource(body, options));
    const { contentType, metadata = {} } = options;
    const attributes: Attributes = { contentType, metadata };
    const described = contentType !== undefined || Object.keys(metadata).length > 0;
    try {
      await this.#folder.prepare(target);
      if (described) await this.#attributes.write(key, incoming.identity, attributes);
      if (options.signal.aborted) throw abortedError(options.signal);
      await this.#moveIntoPlace(key, incoming, target, options.ifAbsent === true);
    } catch (error) {
      await this.#files.unlink(incoming.path).catch(() => {});
      const there = await this.#statusOf(target).catch(() => undefined);
      const placed = there !== undefined && identityOf(there) === incoming.identity;
      if (described && !placed) await this.#attributes.remove(key, incoming.identity);
      throw error;
    }
    return this.#info(key, incoming.status, attributes);
  }

  doGet(key: string, options: DoGetOptions): Promise<OpenedObject> {
    const { signal, range } = options;
    return abortable(signal, async () => {
      const handle = await this.#open(key);
      try {
        const status = await handle.stat({ bigint: true });
        if (!status.isFile()) throw notFound(this.uriOf(key));
        const info = this.#info(key, status, await this.#attributes.read(key, identityOf(status)));
        const { start, end } = sliceOf(range, info.bytes, info.uri);
        const body = wholeBody(readFile(handle, start, end), { bytes: end - start, key, signal });
        unread.register(body, handle);
        return { info, body };
      } catch (error) {
        await handle.close().catch(() => {});
        throw error;
      }
    });
  }

  doHead(key: string, options: { readonly signal: AbortSignal }): Promise<ObjectInfo | undefined> {
    return abortable(options.signal, () => this.#head(key));
  }

  doDelete(key: string, options: { readonly signal: AbortSignal }): Promise<void> {
    return abortable(options.signal, async () => {
      const path = this.#folder.pathOf(key);
      const status = await this.#statusOf(path);
      if (!status?.isFile()) return;
      await this.#files.unlink(path).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error;
      });
      await this.#attributes.remove(key, identityOf(status));
      await this.#folder.sync(dirname(path));
    });
  }

  doList(
    prefix: string,
    options: { readonly cursor?: string | undefined; readonly limit: number; readonly signal: AbortSignal },
  ): Promise<{ readonly objects: readonly ObjectInfo[]; readonly cursor?: string | undefined }> {
    const { cursor: after = '', limit, signal } = options;
    return abortable(signal, async () => {
      const objects: ObjectInfo[] = [];
      for await (const key of walk(this.#folder, this.#files, { prefix, after })) {
        if (signal.aborted) throw abortedError(signal);
        if (objects.length === limit) return { objects, cursor: objects.at(-1)?.key };
        const info = await this.#head(key);
        if (info) objects.push(info);
      }
      return { objects };
    });
  }

  classifyError(error: unknown): Classification {
    return classifyFileError(error);
  }

  /** The absolute path of the root. */
  native(): string {
    return this.#folder.root;
  }

  async close(): Promise<void> {}

  /** The step that makes the object appear. When it cannot be made durable, a new object is taken back. */
  async #moveIntoPlace(key: string, incoming: IncomingFile, target: string, ifAbsent: boolean): Promise<void> {
    if (!ifAbsent) {
      const previous = await this.#statusOf(target);
      await this.#files.rename(incoming.path, target);
      await this.#folder.sync(dirname(target));
      if (previous?.isFile()) await this.#attributes.remove(key, identityOf(previous));
      return;
    }
    await this.#files.link(incoming.path, target).catch((error: unknown) => {
      throw linkFailure(error, this.uriOf(key));
    });
    try {
      await this.#folder.sync(dirname(target));
    } catch (error) {
      await this.#files.unlink(target).catch(() => {});
      throw error;
    }
    await this.#files.unlink(incoming.path).catch(() => {});
  }

  async #open(key: string): Promise<OpenFile> {
    const path = this.#folder.pathOf(key);
    if (!(await this.#folder.reaches(path))) throw notFound(this.uriOf(key));
    try {
      return await this.#files.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    } catch (error) {
      if (['ENOENT', 'ELOOP', 'EISDIR'].includes(errorCode(error) ?? '')) throw notFound(this.uriOf(key), error);
      throw error;
    }
  }

  async #head(key: string): Promise<ObjectInfo | undefined> {
    const status = await this.#statusOf(this.#folder.pathOf(key));
    if (!status?.isFile()) return undefined;
    return this.#info(key, status, await this.#attributes.read(key, identityOf(status)));
  }

  async #statusOf(path: string): Promise<FileStatus | undefined> {
    if (!(await this.#folder.reaches(path))) return undefined;
    return this.#files.lstat(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
  }

  #info(key: string, status: FileStatus, { contentType, metadata }: Attributes): ObjectInfo {
    return {
      key,
      uri: this.uriOf(key),
      bytes: Number(status.size),
      etag: identityOf(status),
      contentType,
      metadata,
      modifiedAt: timestamp(Number(status.mtimeMs)),
    };
  }
}

/** Not every filesystem has hard links (FAT, some network shares); without them nothing is atomic there. */
function linkFailure(error: unknown, uri: string): unknown {
  const code = errorCode(error);
  if (code === 'EEXIST') return alreadyExists(uri, error);
  if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') return error;
  return new OnRecordError(
    'unsupported',
    'The filesystem of this store has no hard links, so ifAbsent is not atomic on it.',
    {
      remedy: 'Keep the store on a local filesystem.',
      cause: error,
    },
  );
}
