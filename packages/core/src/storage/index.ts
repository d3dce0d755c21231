export * from './storage-driver.ts';
