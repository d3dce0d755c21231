import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OnRecordError } from '../errors/index.ts';
import type { JsonObject } from '../json.ts';
import type { Config, PluginConfig } from './config-schema.ts';
import { builtInPlugins, type ConfigProblem, type Plugin } from './plugin.ts';

/** One service that a configuration names, with the plugin that makes it. */
export interface PluginUse {
  readonly plugin: Plugin;
  /** Under which the service is bound. */
  readonly name: string;
  readonly options: JsonObject;
}

/**
 * Finds the plugin of every service named, lets each check its options, and collects everything wrong.
 *
 * @param folder of the configuration: packages are looked for from there, too, since under a strict package manager core
 * sees only what it declares itself.
 */
export async function resolvePlugins(
  config: Config,
  extra: readonly Plugin[],
  folder: string,
): Promise<{ readonly uses: readonly PluginUse[]; readonly problems: readonly ConfigProblem[] }> {
  const uses: PluginUse[] = [];
  const problems: ConfigProblem[] = [];

  async function use(
    kind: Plugin['kind'],
    path: string,
    name: string,
    named: { readonly type: string },
  ): Promise<void> {
    const { type, ...options } = named as { readonly type: string } & JsonObject;
    const plugin = await find(kind, type, extra, folder).catch((error: unknown) => {
      problems.push({ path: `${path}.type`, message: error instanceof Error ? error.message : String(error) });
      return undefined;
    });
    if (!plugin) return;
    for (const problem of await plugin.check(options)) {
      problems.push({ path: problem.path === '' ? path : `${path}.${problem.path}`, message: problem.message });
    }
    uses.push({ plugin, name, options });
  }

  for (const [name, { drain: _drain, emulate: _emulate, landing, ...provider }] of Object.entries(config.providers)) {
    await use('provider', `providers.${name}`, name, provider);
    if (landing) await use('storage', `providers.${name}.landing`, landingName(name), landing);
  }
  if (config.store && config.store.type !== 'memory') {
    await use('session-store', 'store', storeName, config.store);
    const { storage } = config.store;
    if (isPluginConfig(storage)) await use('storage', 'store.storage', storeName, storage);
  }
  if (config.archive) {
    const { mode: _mode, ...archive } = config.archive;
    await use('storage', 'archive', 'archive', archive);
  }
  return { uses, problems };
}

/** The name of the session store, and of the storage that it keeps its sessions in. */
const storeName = 'store';

function isPluginConfig(value: unknown): value is PluginConfig {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The name under which the landing store of a provider instance is bound. */
export function landingName(instance: string): string {
  return `landing/${instance}`;
}

async function find(kind: Plugin['kind'], type: string, extra: readonly Plugin[], folder: string): Promise<Plugin> {
  const own = extra.find((plugin) => plugin.kind === kind && plugin.type === type);
  if (own) return own;
  const specifier = builtInPlugins[kind][type];
  if (specifier === undefined) {
    const known = [
      ...Object.keys(builtInPlugins[kind]),
      ...extra.flatMap((plugin) => (plugin.kind === kind ? [plugin.type] : [])),
    ];
    throw new OnRecordError('invalid-request', `There is no ${kind} type "${type}"; known are ${known.join(', ')}.`);
  }
  let module: PluginModule;
  try {
    module = await load(specifier, folder);
  } catch (error) {
    const name = specifier.split('/').slice(0, 2).join('/');
    throw new OnRecordError('invalid-request', `The ${kind} type "${type}" needs the package ${name}.`, {
      remedy: `Install it: npm install ${name}. (${error instanceof Error ? error.message : String(error)})`,
      cause: error,
    });
  }
  const plugin = module.plugins?.find((candidate) => candidate.kind === kind && candidate.type === type);
  if (!plugin) throw new OnRecordError('invalid-request', `${specifier} offers no ${kind} type "${type}".`);
  return plugin;
}

interface PluginModule {
  readonly plugins?: readonly Plugin[];
}

/** Imports a package as core sees it, or else as the configuration does. */
async function load(specifier: string, folder: string): Promise<PluginModule> {
  try {
    return (await import(specifier)) as PluginModule;
  } catch (error) {
    if (!isUnknown(error)) throw error;
    let path: string;
    try {
      path = createRequire(join(folder, 'onrecord.config.json')).resolve(specifier);
    } catch {
      throw error;
    }
    return (await import(pathToFileURL(path).href)) as PluginModule;
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
