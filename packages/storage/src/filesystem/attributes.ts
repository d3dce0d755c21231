import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../errors/network.ts';
import type { FileOperations, FileStatus } from './file-operations.ts';
import type { Folder } from './folder.ts';

/** What a file cannot say about itself. */
export interface Attributes {
  readonly contentType?: string | undefined;
  readonly metadata: { readonly [name: string]: string };
}

/** The version of a file's content: the same through rename and link, another one after any write. */
export function identityOf(status: FileStatus): string {
  return [status.ino, status.size, status.mtimeNs].map((part) => part.toString(36)).join('-');
}

/**
 * Keeps attributes beside the objects, one small file for each *version* of an object: the moment at which the object's
 * file is moved into place switches content and attributes together.
 */
export class AttributeFiles {
  readonly #folder: Folder;
  readonly #files: FileOperations;

  constructor(folder: Folder, files: FileOperations) {
    this.#folder = folder;
    this.#files = files;
  }

  /** Writes them durably, before the object is there. */
  async write(key: string, identity: string, attributes: Attributes): Promise<void> {
    const path = this.#pathOf(key, identity);
    await this.#folder.prepare(path);
    const handle = await this.#files.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o644);
    try {
      const bytes = Buffer.from(JSON.stringify(attributes));
      for (let at = 0; at < bytes.byteLength; ) at += (await handle.write(bytes.subarray(at))).bytesWritten;
      await handle.sync();
    } finally {
      await handle.close();
    }
    await this.#folder.sync(dirname(path));
  }

  /** None for a file that another program put there or changed. */
  async read(key: string, identity: string): Promise<Attributes> {
    try {
      const handle = await this.#files.open(this.#pathOf(key, identity), constants.O_RDONLY);
      try {
        const { size } = await handle.stat({ bigint: true });
        const bytes = Buffer.alloc(Number(size));
        const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, 0);
        return parse(bytes.toString('utf8', 0, bytesRead));
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { metadata: {} };
      throw error;
    }
  }

  /** Best effort: what is left over is never read again. */
  async remove(key: string, identity: string): Promise<void> {
    await this.#files.unlink(this.#pathOf(key, identity)).catch(() => {});
  }

  #pathOf(key: string, identity: string): string {
    const name = createHash('sha256').update(key).digest('hex');
    return join(this.#folder.attributes, name.slice(0, 2), `${name.slice(2)}.${identity}.json`);
  }
}

function parse(text: string): Attributes {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return { metadata: {} };
  const contentType: unknown = Reflect.get(value, 'contentType');
  const metadata: unknown = Reflect.get(value, 'metadata');
  const pairs = typeof metadata === 'object' && metadata !== null ? Object.entries(metadata) : [];
  return {
    contentType: typeof contentType === 'string' ? contentType : undefined,
    metadata: Object.fromEntries(pairs.map(([name, text]) => [name, String(text)])),
  };
}
