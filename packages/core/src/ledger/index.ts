export * from './expectation.ts';
