export type { FileOperations, FileStatus, FolderEntry, OpenFile } from './filesystem/file-operations.ts';
export { type FilesystemDriver, type FilesystemOptions, filesystem } from './filesystem/filesystem-driver.ts';
export { type MemoryDriver, type MemoryObjects, type MemoryOptions, memory } from './memory/memory-driver.ts';
