import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Json, JsonObject } from '../json.ts';
import type { ConfigProblem } from './plugin.ts';

/** Finds the value behind `${scheme:name}`; rejects with a message that says what is missing. */
export type Resolver = (name: string) => Promise<string> | string;

export interface InterpolationOptions {
  /** Folder that `${file:…}` paths are relative to. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** More schemes, e.g. `vault`. */
  readonly resolvers?: Readonly<Record<string, Resolver>> | undefined;
}

const reference = /\$\{([a-z][a-z0-9-]*):([^}]+)\}/g;

/** Replaces every `${env:NAME}`, `${file:PATH}` and custom reference; collects a problem for each that fails. */
export async function interpolate(
  config: JsonObject,
  options: InterpolationOptions,
): Promise<{ readonly config: JsonObject; readonly problems: readonly ConfigProblem[] }> {
  const problems: ConfigProblem[] = [];
  const resolvers: Readonly<Record<string, Resolver>> = {
    env: (name) => {
      const value = options.environment[name];
      if (value === undefined) throw new Error(`the environment variable ${name} is not set`);
      return value;
    },
    file: async (name) => (await readFile(resolve(options.folder, name), 'utf8')).replace(/\r?\n$/, ''),
    ...options.resolvers,
  };

  async function text(value: string, path: string): Promise<string> {
    let out = '';
    let end = 0;
    for (const match of value.matchAll(reference)) {
      const [whole, scheme = '', name = ''] = match;
      out += value.slice(end, match.index);
      end = match.index + whole.length;
      const resolver = resolvers[scheme];
      try {
        if (!resolver) throw new Error(`nothing resolves "${scheme}:"; known are ${Object.keys(resolvers).join(', ')}`);
        out += await resolver(name);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        problems.push({ path, message: `${whole} cannot be resolved: ${reason}.` });
      }
    }
    return out + value.slice(end);
  }

  async function walk(value: Json | undefined, path: string): Promise<Json | undefined> {
    if (typeof value === 'string') return text(value, path);
    if (Array.isArray(value)) {
      const items: Json[] = [];
      for (const [index, item] of value.entries()) items.push((await walk(item, `${path}[${index}]`)) ?? null);
      return items;
    }
    if (typeof value !== 'object' || value === null) return value;
    const members: Record<string, Json | undefined> = {};
    for (const [name, member] of Object.entries(value)) {
      members[name] = await walk(member, path === '' ? name : `${path}.${name}`);
    }
    return members;
  }

  return { config: (await walk(config, '')) as JsonObject, problems };
}
