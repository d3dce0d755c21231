export * from './case.ts';
export * from './conformance.ts';
export * from './register.ts';
export * from './session-store/index.ts';
export * from './storage/index.ts';
