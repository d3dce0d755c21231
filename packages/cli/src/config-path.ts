import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

/** Looked for in the working directory, in this order. */
const names = ['ts', 'js', 'mjs', 'json', 'yaml', 'yml'].map((extension) => `onrecord.config.${extension}`);

/** @param given on the command line. @throws UsageError where there is none. */
export function configPath(given: string | undefined, folder: string): string {
  if (given !== undefined) return resolve(folder, given);
  const found = names.map((name) => resolve(folder, name)).find((path) => existsSync(path));
  if (found === undefined)
    throw new UsageError(`There is no ${names.join(', ')} in ${folder}; name one with --config.`);
  return found;
}
