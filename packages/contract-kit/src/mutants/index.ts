export * from './check-mutants.ts';
export * from './mutants.ts';
