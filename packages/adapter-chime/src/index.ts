export * from './sma/index.ts';
