import { type JsonObject, OnRecordError } from '@onrecord/core';
import { definePlugin, type Plugin } from '@onrecord/core/inversify';
import { sqliteSessionStore } from '../sqlite/index.ts';

/** `store: { type: 'sqlite', path: 'sessions.db' }` in a configuration. */
export const plugins: readonly Plugin[] = [
  definePlugin({
    kind: 'session-store',
    type: 'sqlite',
    create: (options, { clock }) => sqliteSessionStore({ path: pathOf(options), clock }),
    check(options) {
      try {
        pathOf(options);
        return [];
      } catch (error) {
        return [{ path: 'path', message: error instanceof Error ? error.message : String(error) }];
      }
    },
  }),
];

function pathOf({ path, ...others }: JsonObject): string {
  const unknown = Object.keys(others);
  if (unknown.length > 0)
    throw new OnRecordError('invalid-request', `There is no option ${unknown.join(', ')}; there is path.`);
  if (typeof path !== 'string' || path === '') {
    throw new OnRecordError('invalid-request', 'Must name the database file.');
  }
  return path;
}
