export { type SqliteSessionStoreOptions, sqliteSessionStore } from './sqlite-session-store.ts';
