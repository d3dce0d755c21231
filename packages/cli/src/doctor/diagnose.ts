import type { Clock, JsonObject, RecordingDriver, StorageDriver } from '@onrecord/core';
import {
  type Config,
  ConfigToken,
  createContainer,
  RecordingDriverToken,
  SessionStoreToken,
  StorageDriverToken,
} from '@onrecord/core/inversify';
import { attempt, type Check } from './check.ts';
import { checkBuckets } from './check-buckets.ts';
import { readOnly, rememberSomething, writeAndRead } from './check-storage.ts';
import { questions } from './reach-provider.ts';

export interface DoctorOptions {
  /** Path of the configuration. */
  readonly config: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Of each question to a provider or store, ms. */
  readonly timeoutMs: number;
  /** Whether anything may be written, even for a moment. */
  readonly write: boolean;
  /** Of the AWS resources; without it policies that name an account are not compared. */
  readonly accountId?: string | undefined;
  readonly signal: AbortSignal;
}

type Container = Awaited<ReturnType<typeof createContainer>>;

/** Looks at a configuration and at everything that it names, one after the other, and stops at nothing that is wrong. */
export async function* diagnose(options: DoctorOptions): AsyncGenerator<Check> {
  yield runtime(process.versions.node);
  let container: Container | undefined;
  const { clock, environment } = options;
  yield await attempt('configuration', 'Not usable', async () => {
    container = await createContainer(options.config, { clock, environment, worker: false });
    const { providers, use = Object.keys(providers)[0] } = container.get(ConfigToken);
    return `${options.config} names ${Object.keys(providers).join(', ')}; calls start on ${use}.`;
  });
  if (!container) return;
  try {
    const config = container.get(ConfigToken);
    for (const [name, provider] of Object.entries(config.providers)) {
      yield* providerChecks(container, name, provider as { readonly type: string } & JsonObject, config, options);
    }
    yield* storageChecks(container, config, options);
  } finally {
    await container.unbindAllAsync();
  }
}

function runtime(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > 22 || (major === 22 && minor >= 13);
  return enough
    ? { id: 'runtime', status: 'ok', message: `Node ${version}.` }
    : { id: 'runtime', status: 'failed', message: `Node ${version} is too old.`, fix: 'Use Node 22.13 or newer.' };
}

async function* providerChecks(
  container: Container,
  name: string,
  { type, ...provider }: { readonly type: string } & JsonObject,
  config: Config,
  options: DoctorOptions,
): AsyncGenerator<Check> {
  const id = `providers.${name}`;
  let driver: RecordingDriver | undefined;
  const opened = await attempt(id, type, async () => {
    driver = await container.getAsync(RecordingDriverToken, { name });
    return `${type} is set up.`;
  });
  yield opened;
  if (!driver) return;
  for (const said of driver.warnings?.({ publicUrl: config.publicUrl, nowMs: options.clock.now() }) ?? []) {
    if (typeof said === 'string') yield { id: `${id}.setup`, status: 'warning', message: said };
    else yield { id: `${id}.${said.id}`, status: 'warning', message: said.message, fix: said.fix };
  }
  const asked = driver;
  const question = questions[type];
  yield question
    ? await attempt(`${id}.reach`, type, () =>
        question(asked, provider, { signal: deadline(options), clock: options.clock }),
      )
    : { id: `${id}.reach`, status: 'skipped', message: `Nobody has written a question for providers of type ${type}.` };
  const { landing: landed } = config.providers[name] ?? {};
  yield* checkBuckets(id, type, provider, {
    accountId: options.accountId,
    landing: landed as JsonObject | undefined,
    signal: deadline(options),
  });
  let landing: StorageDriver | undefined;
  if (landed) {
    const checkId = `${id}.landing`;
    yield await inStorage(container, `landing/${name}`, checkId, (store) => {
      landing = store;
      return readOnly(checkId, store, deadline(options));
    });
  }
  if (type === 'azure') {
    const profile = provider['profile'] === 'teams-phone' ? 'teams-phone' : 'acs-standalone';
    const { checkAzure } = await import('./azure/check-azure.ts');
    yield* checkAzure({
      id,
      driver,
      options: provider,
      profile,
      landing,
      publicUrl: config.publicUrl,
      clock: options.clock,
      deadline: () => deadline(options),
    });
  }
}

async function* storageChecks(container: Container, config: Config, options: DoctorOptions): AsyncGenerator<Check> {
  if (!config.store || config.store.type === 'memory') {
    yield {
      id: 'store',
      status: 'warning',
      message: 'Sessions are kept in memory: with the process every running recording is forgotten.',
      fix: "Configure a store, e.g. { type: 'sqlite', path: 'onrecord.db' }.",
    };
  } else if (options.write) {
    const store = await container.getAsync(SessionStoreToken).catch((error: unknown) => error);
    yield isStore(store)
      ? await rememberSomething(store, options.clock.now())
      : { id: 'store.write', status: 'failed', message: store instanceof Error ? store.message : String(store) };
  } else {
    yield { id: 'store.write', status: 'skipped', message: 'Nothing was to be written.' };
  }
  if (!config.archive) {
    yield {
      id: 'archive',
      status: 'warning',
      message: 'No archive is configured: files stay where the provider puts them, and as long as it keeps them.',
    };
  } else if (options.write) {
    yield await inStorage(container, 'archive', 'archive.write', (driver) =>
      writeAndRead('archive.write', driver, deadline(options)),
    );
  } else {
    yield { id: 'archive.write', status: 'skipped', message: 'Nothing was to be written.' };
  }
}

/** What is found in a store, or why it cannot be opened. */
async function inStorage(
  container: Container,
  name: string,
  checkId: string,
  look: (driver: StorageDriver) => Promise<Check>,
): Promise<Check> {
  let driver: StorageDriver | undefined;
  const opened = await attempt(checkId, name, async () => {
    driver = await container.getAsync(StorageDriverToken, { name });
    return `${name} is set up.`;
  });
  return driver ? look(driver) : opened;
}

function isStore(value: unknown): value is Parameters<typeof rememberSomething>[0] {
  return typeof value === 'object' && value !== null && 'remember' in value;
}

function deadline({ signal, timeoutMs }: DoctorOptions): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}
