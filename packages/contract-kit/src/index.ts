export * from './case.ts';
export * from './conformance.ts';
export * from './mutants/index.ts';
export * from './recording/index.ts';
export * from './register.ts';
export * from './session-store/index.ts';
export * from './storage/index.ts';
