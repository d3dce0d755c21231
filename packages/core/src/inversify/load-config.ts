import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse as parseYaml } from 'yaml';
import { OnRecordError } from '../errors/index.ts';
import type { JsonObject } from '../json.ts';

/** A configuration as written, and the folder its relative paths mean. */
export interface LoadedConfig {
  readonly config: JsonObject;
  readonly folder: string;
}

/**
 * Reads `onrecord.config.{ts,js,mjs,json,yaml,yml}`; a module exports the configuration as `default`.
 * @throws OnRecordError `invalid-request` naming the file and what is wrong with it.
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const file = resolve(path);
  const folder = dirname(file);
  let value: unknown;
  try {
    switch (extname(file)) {
      case '.json':
        value = JSON.parse(await readFile(file, 'utf8'));
        break;
      case '.yaml':
      case '.yml':
        value = parseYaml(await readFile(file, 'utf8'));
        break;
      case '.ts':
      case '.mts':
      case '.js':
      case '.mjs':
        value = ((await import(pathToFileURL(file).href)) as { readonly default?: unknown }).default;
        break;
      default:
        throw new Error('its name must end in .ts, .js, .json or .yaml');
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OnRecordError('invalid-request', `The configuration ${path} cannot be read: ${reason}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OnRecordError('invalid-request', `The configuration ${path} is not an object.`);
  }
  return { config: value as JsonObject, folder };
}
