export * from './snapshot-of.ts';
