export * from './codes.ts';
export * from './error-fields.ts';
export * from './on-record-error.ts';
export * from './secret.ts';
