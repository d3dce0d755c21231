import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerSuite, storageSuite } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { filesystemCapabilities } from './capabilities.ts';
import { type FileOperations, nodeFileOperations } from './file-operations.ts';
import { filesystem } from './filesystem-driver.ts';

/** The operations of Node, counted. */
function counted(): { readonly files: FileOperations; readonly calls: () => number } {
  let calls = 0;
  const count = <P extends unknown[], R>(operation: (...parameters: P) => R) => {
    return (...parameters: P): R => {
      calls += 1;
      return operation(...parameters);
    };
  };
  const { open, lstat, mkdir, readdir: read, link, rename, unlink } = nodeFileOperations;
  const files: FileOperations = {
    open: count(open),
    lstat: count(lstat),
    mkdir: count(mkdir),
    readdir: count(read),
    link: count(link),
    rename: count(rename),
    unlink: count(unlink),
  };
  return { files, calls: () => calls };
}

registerSuite({ describe, test, afterAll }, storageSuite, {
  name: 'filesystem',
  facts: { capabilities: filesystemCapabilities, durable: true, counted: true, faulty: false, remote: false },
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'onrecord-storage-'));
    const root = join(folder, 'not', 'there', 'yet');
    const { files, calls } = counted();
    return {
      open: async () => filesystem(root, { files }),
      requests: calls,
      openUploads: () => readdir(join(root, '.onrecord', 'incoming')).catch(() => []),
      close: () => rm(folder, { recursive: true }),
    };
  },
});
