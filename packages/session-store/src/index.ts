export * from './sqlite/index.ts';
