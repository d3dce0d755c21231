import type { Container } from 'inversify';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { OfferOf } from '../capabilities/offer.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Deadlines } from '../commands/deadlines.ts';
import { OnRecordError } from '../errors/index.ts';
import type { EventSink } from '../events/event.ts';
import type { JsonObject } from '../json.ts';
import { type Logger, silentLogger } from '../log.ts';
import { createRecorder } from '../recorder/create-recorder.ts';
import type { Recorder, RecorderInstance } from '../recorder/recorder.ts';
import { memorySessionStore } from '../session-store/memory-session-store.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { Worker } from '../worker/worker.ts';
import type { WorkerIntervals } from '../worker/worker-options.ts';
import { type Config, checkShape } from './config-schema.ts';
import { interpolate, type Resolver } from './interpolate.ts';
import { loadConfig } from './load-config.ts';
import { closeAll, OwningContainer, once } from './owning-container.ts';
import type { ConfigProblem, Plugin } from './plugin.ts';
import { landingName, resolvePlugins } from './resolve-plugins.ts';
import {
  ClockToken,
  ConfigToken,
  LoggerToken,
  OnRecordToken,
  RecordingDriverToken,
  SessionStoreToken,
  StorageDriverToken,
  WorkerToken,
} from './tokens.ts';

export interface ContainerOptions {
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  readonly sinks?: readonly EventSink[] | undefined;
  /** Default true: the recorder runs a worker in this process. `false`: another process runs `OnRecord.worker`. */
  readonly worker?: boolean | undefined;
  readonly intervals?: Partial<WorkerIntervals> | undefined;
  /** Plugins of your own, found before the built-in ones. */
  readonly plugins?: readonly Plugin[] | undefined;
  /** Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** More `${scheme:name}` references, e.g. a vault. */
  readonly resolvers?: Readonly<Record<string, Resolver>> | undefined;
  /** Folder for relative paths of a configuration given as an object. Default the working directory. */
  readonly folder?: string | undefined;
}

/** Everything that one configuration describes. */
export interface OnRecord extends AsyncDisposable {
  /** Starts calls on the instance in `use`, and finishes those of all others. Narrow it with `require`. */
  readonly recorder: Recorder<OfferOf<Capabilities>>;
  /**
   * For the process that runs `worker.run({ signal })`; the recorder has its own unless told otherwise. It brings call
   * notices and events to the flows that this recorder serves, so such a process serves the flow, too.
   */
  readonly worker: Worker;
  readonly store: SessionStore;
  /** Names of the configured provider instances. */
  readonly instances: readonly string[];
  close(): Promise<void>;
}

/**
 * Builds a container from a configuration: an object, or the path of `onrecord.config.{ts,json,yaml}`. Loads only the
 * packages that the configuration names. The caller owns the container: `unbindAllAsync` closes what it made,
 * all of it, before it throws what did not close.
 *
 * @example
 * ```ts
 * const container = await createContainer('onrecord.config.yaml');
 * const { recorder } = await container.getAsync(OnRecordToken);
 * ```
 * @throws OnRecordError `invalid-request` listing every problem with its path; nothing is opened in that case.
 */
export async function createContainer(source: string | JsonObject, options: ContainerOptions = {}): Promise<Container> {
  const { config, uses } = await read(source, options);
  const container = new OwningContainer();
  container.bind(ConfigToken).toConstantValue(config);
  container.bind(ClockToken).toConstantValue(options.clock ?? systemClock);
  container.bind(LoggerToken).toConstantValue(options.logger ?? silentLogger);
  if (!config.store || config.store.type === 'memory') {
    container.bind(SessionStoreToken).toResolvedValue(memorySessionStore).inSingletonScope();
  }
  for (const { plugin, name, options: own } of uses) await container.load(plugin.module(name, own));
  container
    .bind(OnRecordToken)
    .toDynamicValue(once(() => open(container, config, options)))
    .inTransientScope();
  container
    .bind(WorkerToken)
    .toDynamicValue(once(async () => (await container.getAsync(OnRecordToken)).worker))
    .inTransientScope();
  return container;
}

async function read(source: string | JsonObject, options: ContainerOptions) {
  const loaded =
    typeof source === 'string' ? await loadConfig(source) : { config: source, folder: options.folder ?? process.cwd() };
  const filled = await interpolate(loaded.config, {
    folder: loaded.folder,
    environment: options.environment ?? process.env,
    resolvers: options.resolvers,
  });
  const shape = checkShape(filled.config);
  const resolved = await resolvePlugins(shape.readable, options.plugins ?? [], loaded.folder);
  // What is wrong with a value that was never filled in would only hide what is wrong with it.
  const unfilled = new Set(filled.problems.map(({ path }) => path));
  const others = [...shape.problems, ...resolved.problems].filter(({ path }) => !unfilled.has(path));
  const problems = [...filled.problems, ...others];
  if (problems.length > 0 || !shape.config) throw invalid(source, problems);
  return { config: shape.config, uses: resolved.uses };
}

function invalid(source: string | JsonObject, problems: readonly ConfigProblem[]): OnRecordError {
  const where = typeof source === 'string' ? source : 'The configuration';
  const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
  return new OnRecordError(
    'invalid-request',
    `${where} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines.join('\n')}`,
    { context: { paths: problems.map(({ path }) => path) } },
  );
}

async function open(container: Container, config: Config, options: ContainerOptions): Promise<OnRecord> {
  const clock = container.get(ClockToken);
  const logger = container.get(LoggerToken);
  const store = await container.getAsync(SessionStoreToken);
  const archive = config.archive && (await container.getAsync(StorageDriverToken, { name: 'archive' }));
  const instances: Record<string, RecorderInstance> = {};
  for (const [name, { landing }] of Object.entries(config.providers)) {
    instances[name] = {
      driver: await container.getAsync(RecordingDriverToken, { name }),
      ...(landing ? { landing: await container.getAsync(StorageDriverToken, { name: landingName(name) }) } : {}),
    };
  }
  const stores = [archive, ...Object.values(instances).map(({ landing }) => landing)].filter(
    (each) => each !== undefined,
  );
  const use = config.use ?? Object.keys(config.providers)[0]!;
  const { driver, landing } = instances[use]!;
  const draining = Object.fromEntries(Object.entries(instances).filter(([name]) => name !== use));
  // What is emulated is known at run time only, so the type promises nothing: `require` finds out.
  const emulation: object = { emulate: config.providers[use]?.emulate ?? [] };
  const recorder = createRecorder<Capabilities, unknown>(driver, {
    ...emulation,
    store,
    ...(archive ? { archive: { store: archive, mode: config.archive?.mode ?? 'copy' } } : {}),
    ...(landing ? { landing } : {}),
    instance: use,
    draining,
    deployment: config.deployment,
    deadlines: definedOf(config.deadlines),
    ingest: { publicUrl: config.publicUrl },
    sinks: options.sinks,
    worker: options.worker ?? true,
    intervals: options.intervals,
    clock,
    logger,
  });
  const close = () => closeAll([[recorder], [store, ...stores]]);
  return {
    recorder,
    worker: recorder.createWorker(),
    store,
    instances: Object.keys(instances),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Without the members that are undefined: those have their defaults. */
function definedOf(deadlines: Config['deadlines'] = {}): Partial<Deadlines> {
  return Object.fromEntries(Object.entries(deadlines).filter(([, value]) => value !== undefined));
}
