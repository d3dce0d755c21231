export * from './memory-session-store.ts';
export * from './session-store.ts';
