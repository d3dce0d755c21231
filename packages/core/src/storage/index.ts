export * from './key.ts';
export * from './storage.ts';
export * from './storage-driver.ts';
