import { link, lstat, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';

/** What the filesystem driver needs of an open file; a `FileHandle` of Node has it. */
export interface OpenFile {
  write(data: Uint8Array): Promise<{ readonly bytesWritten: number }>;
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  stat(options: { readonly bigint: true }): Promise<FileStatus>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileStatus {
  readonly size: bigint;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly mtimeMs: bigint;
  isFile(): boolean;
  isDirectory(): boolean;
}

export interface FolderEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** Every call that the filesystem driver makes of the operating system, so that a test can make the disk fail. */
export interface FileOperations {
  open(path: string, flags: number, mode?: number): Promise<OpenFile>;
  lstat(path: string): Promise<FileStatus>;
  /** Not recursive. */
  mkdir(path: string): Promise<void>;
  readdir(path: string): Promise<readonly FolderEntry[]>;
  link(existing: string, path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

export const nodeFileOperations: FileOperations = {
  open: (path, flags, mode) => open(path, flags, mode),
  lstat: (path) => lstat(path, { bigint: true }),
  mkdir: (path) => mkdir(path),
  readdir: (path) => readdir(path, { withFileTypes: true }),
  link,
  rename,
  unlink,
};
