import { ContainerModule, type ResolutionContext, type ServiceIdentifier } from 'inversify';
import type { Clock } from '../clock.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import type { JsonObject } from '../json.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';
import { once } from './owning-container.ts';
import type { ConfigProblem, Plugin } from './plugin.ts';
import { ClockToken, RecordingDriverToken, SessionStoreToken, StorageDriverToken } from './tokens.ts';

/** What a service is made with, besides its options. */
export interface PluginContext {
  /** Name of the provider instance, or of the place a store takes. */
  readonly name: string;
  readonly clock: Clock;
  /**
   * For a session store: what its options name as `storage`, with a type of storage and its options, which is made when
   * it is asked for. The session store closes it.
   */
  storage?(): Promise<StorageDriver>;
}

interface Services {
  readonly provider: RecordingDriver;
  readonly storage: StorageDriver;
  readonly 'session-store': SessionStore;
}

const tokens: { readonly [K in Plugin['kind']]: ServiceIdentifier<Services[K]> } = {
  provider: RecordingDriverToken,
  storage: StorageDriverToken,
  'session-store': SessionStoreToken,
};

export interface PluginDefinition<K extends Plugin['kind']> {
  readonly kind: K;
  readonly type: string;
  /**
   * Makes the service, without connecting to anything.
   * @throws OnRecordError `invalid-request` for options that cannot be.
   */
  create(options: JsonObject, context: PluginContext): Services[K] | Promise<Services[K]>;
  /** Finds what is wrong with the options. Default: what {@link create} throws. */
  check?(options: JsonObject): readonly ConfigProblem[] | Promise<readonly ConfigProblem[]>;
}

/**
 * Makes a plugin for `createContainer` out of a factory.
 *
 * @example
 * ```ts
 * export const plugins = [
 *   definePlugin({ kind: 'provider', type: 'acme', create: (options) => new AcmeDriver(acmeOptions(options)) }),
 * ];
 * ```
 */
export function definePlugin<K extends Plugin['kind']>(definition: PluginDefinition<K>): Plugin {
  return {
    kind: definition.kind,
    type: definition.type,
    check: async (options) => (definition.check ? definition.check(options) : probe(definition, options)),
    module: (name, options) =>
      new ContainerModule(({ bind }) => {
        const make = (container: ResolutionContext) =>
          definition.create(options, {
            name,
            clock: container.get(ClockToken),
            ...(definition.kind === 'session-store'
              ? { storage: () => container.getAsync(StorageDriverToken, { name }) }
              : {}),
          });
        const token: ServiceIdentifier<Services[K]> = tokens[definition.kind];
        const binding = bind(token).toDynamicValue(once(make)).inTransientScope();
        if (definition.kind !== 'session-store') binding.whenNamed(name);
      }),
  };
}

/** Makes the service once, and closes it. */
async function probe<K extends Plugin['kind']>(
  definition: PluginDefinition<K>,
  options: JsonObject,
): Promise<readonly ConfigProblem[]> {
  try {
    const service = await definition.create(options, { name: 'check', clock: stopped });
    await service.close();
    return [];
  } catch (error) {
    if (!OnRecordError.is(error)) throw error;
    return [{ path: '', message: error.message }];
  }
}

/** For a service that is only looked at. */
const stopped: Clock = { now: () => 0, monotonic: () => 0, delay: () => new Promise(() => {}) };
