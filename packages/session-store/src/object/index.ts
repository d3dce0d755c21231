export { objectSessionStore } from './object-session-store.ts';
export type { ObjectSessionStoreOptions } from './options.ts';
