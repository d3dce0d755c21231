export * from './codes.ts';
export * from './on-record-error.ts';
export * from './secret.ts';
