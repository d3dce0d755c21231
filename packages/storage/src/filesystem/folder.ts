import { constants } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkKey, OnRecordError } from '@onrecord/core';
import { errorCode } from '../errors/network.ts';
import type { FileOperations } from './file-operations.ts';

/** First segment of what belongs to the driver: files being written, and attributes. */
const OWN = '.onrecord';

/** The root of a filesystem store: where keys lie, and ways into it that follow no symbolic link. */
export class Folder {
  /** Absolute. */
  readonly root: string;
  /** Files being written; same filesystem as the objects, so that they can be moved into place. */
  readonly incoming: string;
  readonly attributes: string;
  readonly #files: FileOperations;

  constructor(root: string, files: FileOperations) {
    this.root = resolve(root);
    this.incoming = join(this.root, OWN, 'incoming');
    this.attributes = join(this.root, OWN, 'attributes');
    this.#files = files;
  }

  /** @throws OnRecordError `invalid-request` for a key that leaves the root or names what belongs to the driver. */
  pathOf(key: string): string {
    checkKey(key);
    if (isOwn(key)) {
      throw new OnRecordError(
        'invalid-request',
        `Keys that begin with "${OWN}/" belong to the filesystem store itself.`,
      );
    }
    return join(this.root, ...key.split('/'));
  }

  uriOf(key: string): string {
    return pathToFileURL(this.pathOf(key)).href;
  }

  keyOf(uri: string): string | undefined {
    if (!uri.startsWith('file:')) return undefined;
    try {
      const key = relative(this.root, fileURLToPath(uri)).split(sep).join('/');
      checkKey(key);
      return isOwn(key) ? undefined : key;
    } catch {
      return undefined;
    }
  }

  /**
   * Refuses a path that leads through a symbolic link below the root. The root itself may be one.
   * @returns false when a folder on the way does not exist, or is a file.
   * @throws ELOOP
   */
  async reaches(path: string): Promise<boolean> {
    for (const folder of this.#foldersTo(path)) {
      const status = await this.#statusOf(folder);
      if (status === undefined || status.isFile()) return false;
      if (!status.isDirectory()) throw notAFolder('ELOOP', folder);
    }
    return true;
  }

  /** Makes the folders on the way to `path`, durably, root included. */
  async prepare(path: string): Promise<void> {
    await this.#makeRoot(this.root);
    for (const folder of this.#foldersTo(path)) {
      const made = await this.#make(folder);
      if (made) continue;
      const status = await this.#statusOf(folder);
      if (!status?.isDirectory()) throw notAFolder(status?.isFile() ? 'ENOTDIR' : 'ELOOP', folder);
    }
  }

  /** Makes names that were created, moved or removed in a folder survive a power failure. */
  async sync(folder: string): Promise<void> {
    const handle = await this.#files.open(folder, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async #makeRoot(folder: string): Promise<void> {
    try {
      await this.#make(folder);
    } catch (error) {
      const parent = dirname(folder);
      if (errorCode(error) !== 'ENOENT' || parent === folder) throw error;
      await this.#makeRoot(parent);
      await this.#make(folder);
    }
  }

  async #make(folder: string): Promise<boolean> {
    try {
      await this.#files.mkdir(folder);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
    await this.sync(dirname(folder));
    return true;
  }

  /** Folders between the root and `path`, outermost first, both excluded. */
  #foldersTo(path: string): readonly string[] {
    const names = relative(this.root, dirname(path))
      .split(sep)
      .filter((name) => name !== '');
    return names.map((_, index) => join(this.root, ...names.slice(0, index + 1)));
  }

  async #statusOf(path: string): Promise<Awaited<ReturnType<FileOperations['lstat']>> | undefined> {
    try {
      return await this.#files.lstat(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}

function isOwn(key: string): boolean {
  return key === OWN || key.startsWith(`${OWN}/`);
}

function notAFolder(code: 'ENOTDIR' | 'ELOOP', path: string): Error {
  return Object.assign(new Error(`${code}: ${path} is not a folder`), { code, path });
}
