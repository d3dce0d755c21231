import { type JsonObject, OnRecordError } from '@onrecord/core';
import { type ConfigProblem, definePlugin, type Plugin } from '@onrecord/core/inversify';
import type { ObjectSessionStoreOptions } from '../object/index.ts';
import { sqliteSessionStore } from '../sqlite/index.ts';

/**
 * `store: { type: 'sqlite', path: 'sessions.db' }` and
 * `store: { type: 'object', storage: { type: 's3', bucket: 'sessions' } }` in a configuration.
 */
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
  definePlugin({
    kind: 'session-store',
    type: 'object',
    async create({ storage: _, ...options }, { clock, storage }) {
      if (!storage) throw new OnRecordError('invalid-state', 'An object session store is made by a container.');
      const { objectSessionStore } = await import('../object/index.ts');
      const driver = await storage();
      try {
        return objectSessionStore(driver, { ...(options as ObjectSessionStoreOptions), clock, ownsStorage: true });
      } catch (error) {
        await driver.close();
        throw error;
      }
    },
    check: problemsOfObject,
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

const objectOptions = { prefix: 'string', watchIntervalMs: 'number', requestTimeoutMs: 'number' } as const;

/** The options of the storage are checked by its own package. */
function problemsOfObject({ storage, ...options }: JsonObject): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (typeof storage !== 'object' || storage === null || typeof Reflect.get(storage, 'type') !== 'string') {
    problems.push({ path: 'storage', message: 'Must name where sessions are kept, e.g. { type: s3, bucket: … }.' });
  }
  for (const [name, value] of Object.entries(options)) {
    const expected: string | undefined = Reflect.get(objectOptions, name);
    if (expected === undefined) {
      const known = ['storage', ...Object.keys(objectOptions)].join(', ');
      problems.push({ path: name, message: `There is no such option; there are ${known}.` });
    } else if (typeof value !== expected || (typeof value === 'number' && !(value > 0))) {
      problems.push({ path: name, message: `Must be a ${expected === 'number' ? 'number above 0' : expected}.` });
    }
  }
  return problems;
}
