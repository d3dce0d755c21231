import { type Capabilities, pauseEffectOf } from '../capabilities/capabilities.ts';
import type { Emulation, OfferOf } from '../capabilities/offer.ts';
import { systemClock } from '../clock.ts';
import { defaultDeadlines } from '../commands/deadlines.ts';
import type { DriverNotice, RecordingDriver } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import type { EventSink } from '../events/event.ts';
import { handlersSink } from '../events/handlers-sink.ts';
import type { FlowHost } from '../flow/flow-host.ts';
import { checkPublicUrl } from '../ingest/ingest-handler.ts';
import { silentLogger } from '../log.ts';
import type { ArchivePolicy } from '../session/record.ts';
import { memorySessionStore } from '../session-store/memory-session-store.ts';
import type { StorageDriver } from '../storage/storage-driver.ts';
import { createWorker, type Worker } from '../worker/worker.ts';
import { inProcessWorker } from './in-process-worker.ts';
import { offeredCapabilities } from './offered-capabilities.ts';
import type { ArchiveOption, Recorder, RecorderInstance, RecorderOptions } from './recorder.ts';
import type { RecorderContext } from './recorder-context.ts';
import { recorderHandle } from './recorder-handle.ts';
import { abandonedSectionSink } from './secure-abandonment.ts';

/**
 * Makes a recorder for one provider instance.
 *
 * @example
 * ```ts
 * const recorder = createRecorder(azure({ connectionString }), { archive: filesystem('recordings') });
 * const session = await recorder.start({ call, output: { media: 'audio', layout: 'mixed', container: 'wav' } });
 * await session.pause();
 * await session.resume();
 * await session.stop();
 * const { artifacts } = await session.settled();
 * await recorder.close();
 * ```
 * @throws OnRecordError `unsupported` for an emulation that the provider cannot carry.
 */
export function createRecorder<C extends Capabilities, N, const E extends Emulation = never>(
  driver: RecordingDriver<C, N>,
  options?: RecorderOptions<E>,
): Recorder<OfferOf<C, E>>;
export function createRecorder(driver: RecordingDriver, options: RecorderOptions<Emulation> = {}): object {
  checkPublicUrl(options.ingest?.publicUrl);
  const instance = options.instance ?? driver.type;
  const { capabilities, emulate } = offeredCapabilities(driver.capabilities, options.emulate ?? [], instance);
  const [output] = capabilities.outputs;
  if (!output) {
    throw new OnRecordError('unsupported', `The ${driver.type} driver declares no output.`, { blame: 'library' });
  }
  const store = options.store ?? memorySessionStore();
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const instances: Readonly<Record<string, RecorderInstance>> = {
    ...options.draining,
    [instance]: { driver, landing: options.landing },
  };
  const archive = archiveOf(options.archive, options.landing);
  const work = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const context: RecorderContext = {
    store,
    clock,
    logger,
    deployment: options.deployment ?? 'default',
    instance,
    instances,
    capabilities,
    emulate,
    archive: archive.policy,
    deadlines: { ...defaultDeadlines, ...options.deadlines },
    output,
    pauseEffect: pauseEffectOf(capabilities),
    lacks: driver.lacks,
    checkOptions: (given) => driver.checkOptions?.(given),
    closing: closing.signal,
    listening: (name, signal = closing.signal) => link.listen(name, signal),
    touch: (sessionId) => link.touch(sessionId),
    background(running) {
      const tracked = running.catch(() => {}).finally(() => work.delete(tracked));
      work.add(tracked);
    },
  };
  /** The flows that are served; they come after the worker. */
  const hosts: FlowHost[] = [];
  const sinks: EventSink[] = [
    ...(options.handlers ? [handlersSink(options.handlers)] : []),
    ...(options.sinks ?? []),
    {
      name: 'flows',
      async deliver(event, delivery) {
        for (const host of hosts) await host.sink.deliver(event, delivery);
      },
    },
    abandonedSectionSink(context),
  ];
  if (emulate.length > 0)
    logger.info({ instance, emulate }, 'recorder: the provider cannot do this, so it is emulated');
  const made: Worker[] = [];
  const newWorker = () =>
    createWorker({
      store,
      instances,
      archive: archive.store,
      sinks,
      async onNotice(notice, name) {
        if (name === instance) for (const host of hosts) await host.handle(notice);
      },
      clock,
      logger,
      deadlines: context.deadlines,
      intervals: options.intervals,
    });
  const link = workerOf(options, context, newWorker, made);
  if (driver.doListen && options.worker === false && !options.store) {
    logger.warn(
      { instance },
      'recorder: nobody hears the events of this provider: give the recorder a worker, or a store that another process shares',
    );
  }

  const said = driver.warnings?.({ publicUrl: options.ingest?.publicUrl, nowMs: clock.now() }) ?? [];
  const warnings = said.map(textOf);
  for (const warning of warnings) logger.warn({ instance }, `recorder: ${warning}`);

  return recorderHandle(context, {
    warnings,
    createWorker() {
      const worker = newWorker();
      made.push(worker);
      return worker;
    },
    driver,
    ingest: options.ingest ?? {},
    asks: new Map(),
    hosts,
    async close() {
      if (closing.signal.aborted) return;
      closing.abort(new OnRecordError('aborted', 'The recorder was closed.'));
      await link.close();
      await Promise.all(work);
      await Promise.all(Object.values(instances).map((each) => each.driver.close()));
      if (!options.store) await store.close();
    },
  });
}

function textOf(notice: string | DriverNotice): string {
  if (typeof notice === 'string') return notice;
  return notice.fix === undefined ? notice.message : `${notice.message} ${notice.fix}`;
}

function archiveOf(
  archive: ArchiveOption | undefined,
  landing: StorageDriver | undefined,
): { readonly policy: ArchivePolicy; readonly store: StorageDriver | undefined } {
  if (!archive) return { policy: { mode: 'none' }, store: undefined };
  const { store, mode } = 'store' in archive ? archive : { store: archive, mode: undefined };
  return { policy: { mode: mode ?? (store === landing ? 'in-place' : 'copy') }, store };
}

interface WorkerLink {
  touch(sessionId: string): void;
  listen(instance: string, signal?: AbortSignal | undefined): Promise<void>;
  close(): Promise<void>;
}

/** How this recorder reaches workers of this process: the one that it runs itself, or those that somebody else does. */
function workerOf(
  { worker: wanted = true }: RecorderOptions<Emulation>,
  { store, clock, logger, instances }: RecorderContext,
  newWorker: () => Worker,
  made: readonly Worker[],
): WorkerLink {
  if (wanted === true) {
    const sockets = Object.keys(instances).filter((name) => instances[name]?.driver.doListen);
    const running = inProcessWorker(newWorker(), { store, clock, logger, sockets });
    return { touch: running.keep, listen: running.listen, close: running.close };
  }
  const workers = () => (wanted === false ? made : [wanted, ...made]);
  return {
    touch() {
      for (const worker of workers()) worker.wake();
    },
    async listen(instance, signal) {
      await Promise.all(workers().map((worker) => worker.listening(instance, { signal })));
    },
    close: async () => {},
  };
}
