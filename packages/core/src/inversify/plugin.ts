import type { ContainerModule } from 'inversify';
import type { JsonObject } from '../json.ts';

/** One thing that is wrong with a configuration, and where. */
export interface ConfigProblem {
  /** E.g. `providers.main.connectionString`. */
  readonly path: string;
  /** What is wrong and what would be right, as a sentence. Never holds the value of a secret. */
  readonly message: string;
}

/**
 * What a package exports as `plugins` from its `./inversify` so that a configuration can name it by `type`. The module
 * binds the driver, the storage or the store under the token for its kind, named by `name`.
 */
export interface Plugin {
  readonly kind: 'provider' | 'storage' | 'session-store';
  /** What stands in the configuration as `type`. */
  readonly type: string;
  /** Everything wrong with the options, with paths relative to them; nothing is opened or connected. */
  check(options: JsonObject): Promise<readonly ConfigProblem[]>;
  /** Binds the service for checked options. */
  module(name: string, options: JsonObject): ContainerModule;
}

/** Where each built-in type lives: loaded only when a configuration names it. */
export const builtInPlugins: { readonly [K in Plugin['kind']]: { readonly [type: string]: string } } = {
  provider: {
    azure: '@onrecord/adapter-azure/inversify',
    'chime-sma': '@onrecord/adapter-chime/inversify',
    'chime-meeting': '@onrecord/adapter-chime/inversify',
    'chime-insights': '@onrecord/adapter-chime/inversify',
    asterisk: '@onrecord/adapter-asterisk/inversify',
  },
  storage: {
    filesystem: '@onrecord/storage/inversify',
    memory: '@onrecord/storage/inversify',
    s3: '@onrecord/storage/inversify',
    'azure-blob': '@onrecord/storage/inversify',
  },
  'session-store': {
    object: '@onrecord/session-store/inversify',
    sqlite: '@onrecord/session-store/inversify',
  },
};
