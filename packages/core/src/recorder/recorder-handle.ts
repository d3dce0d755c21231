import { checkRequirement } from '../capabilities/check-requirement.ts';
import type { Narrow, Offer } from '../capabilities/offer.ts';
import type { Requirement } from '../capabilities/requirement.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import type { Flow } from '../flow/flow.ts';
import { type FlowHost, flowHost } from '../flow/flow-host.ts';
import { formatOutput } from '../format/output.ts';
import { type Ask, asker } from '../ingest/ask-now.ts';
import { type IngestRoute, isIngestTransport, type ReceiveOptions, receive } from '../ingest/receive.ts';
import type { Worker } from '../worker/worker.ts';
import { announce } from './announce.ts';
import type { Recorder, RecorderAnnounce, RecorderBase } from './recorder.ts';
import type { RecorderContext } from './recorder-context.ts';
import { sessionHandle } from './session-handle.ts';
import { startSession } from './start-session.ts';
import { loadSession } from './wait.ts';

/** What all views of one recorder share. */
export interface RecorderShared {
  readonly driver: RecordingDriver;
  readonly ingest: ReceiveOptions;
  /** How each instance is asked about its parts, by its name. */
  readonly asks: Map<string, Ask>;
  /** What the driver warned of. */
  readonly warnings: readonly string[];
  /** The flows that are served. */
  readonly hosts: FlowHost[];
  createWorker(): Worker;
  close(): Promise<void>;
}

/** A refused webhook tells its sender the status only, so the reason goes to the log, too. */
function refused({ logger }: RecorderContext, { onError }: ReceiveOptions): NonNullable<ReceiveOptions['onError']> {
  return (error, request) => {
    const known = OnRecordError.is(error) ? { code: error.code, reason: error.message } : {};
    logger.warn({ ...request, ...known }, 'ingest: a webhook was refused');
    onError?.(error, request);
  };
}

/** One view of a recorder: `require` makes another one, with the output and the verbs that were asked for. */
export function recorderHandle<O extends Offer>(
  context: RecorderContext,
  shared: RecorderShared,
  missing?: readonly string[],
): Recorder<O>;
export function recorderHandle(
  context: RecorderContext,
  shared: RecorderShared,
  missing: readonly string[] = [],
): object {
  const { capabilities, instance, instances, store, clock } = context;
  const { hosts } = shared;
  const meet = (requirement: Requirement) => {
    const { output, pauseEffect, gaps, missingPreferred } = checkRequirement(capabilities, requirement);
    if (gaps.length > 0) throw unmet(instance, gaps);
    if (missingPreferred.length > 0) {
      context.logger.info({ instance, missing: missingPreferred }, 'recorder: what is preferred is missing');
    }
    const defaults = { output: output ?? context.output, pauseEffect: pauseEffect ?? context.pauseEffect };
    return { defaults, missing: missingPreferred };
  };
  const listen = async (signal?: AbortSignal | undefined) => {
    await Promise.all(Object.keys(instances).map((name) => context.listening(name, signal)));
  };
  const base: RecorderBase<Offer> = {
    instance,
    capabilities,
    output: context.output,
    require<const R extends Requirement>(requirement: R) {
      const met = meet(requirement);
      return recorderHandle<Narrow<Offer, R>>({ ...context, ...met.defaults }, shared, met.missing);
    },
    start: async (request, options) => sessionHandle(context, await startSession(context, request, options)),
    async attach(sessionId) {
      const record = await loadSession(store, sessionId);
      context.touch(sessionId);
      return sessionHandle(context, record);
    },
    serve<const R extends Requirement>(flow: Flow<R>) {
      const met = meet(flow.requirement);
      const host = flowHost(context, flow, met.defaults);
      hosts.push(host);
      context.background(listen());
      return host;
    },
    listen: ({ signal } = {}) => listen(signal),
    createWorker: shared.createWorker,
    async ingest(request, options = {}) {
      const name = options.instance ?? instance;
      const driver = instances[name]?.driver;
      if (!driver) {
        throw new OnRecordError('invalid-request', `This recorder has no provider instance "${name}".`, {
          context: { known: Object.keys(instances) },
        });
      }
      const { transport = 'http' } = options;
      if (!isIngestTransport(transport)) {
        throw new OnRecordError('invalid-request', `There is no transport "${String(transport)}".`, {
          context: { known: ['http', 'queue', 'lambda'] },
        });
      }
      const route: IngestRoute = {
        instance: name,
        driver,
        adoption: { deployment: context.deployment, archive: context.archive },
        async onNotice(notice) {
          if (name === instance) for (const host of hosts) await host.handle(notice);
        },
        onReports: (sessionIds) => sessionIds.forEach(context.touch),
      };
      const ask = shared.asks.get(name) ?? asker({ store, clock, instance: name, driver });
      shared.asks.set(name, ask);
      return receive(
        request,
        route,
        { store, clock, ask, transport },
        { ...shared.ingest, onError: refused(context, shared.ingest) },
      );
    },
    report: () => ({
      instance,
      driver: shared.driver.type,
      output: formatOutput(context.output),
      ...(context.pauseEffect === undefined ? {} : { pauseEffect: context.pauseEffect }),
      emulated: context.emulate,
      missing,
      warnings: shared.warnings,
    }),
    close: shared.close,
    [Symbol.asyncDispose]: shared.close,
  };
  const verbs: RecorderAnnounce = {
    announce: (call, announcement, options) => announce(context, call, announcement, options),
  };
  return { ...base, ...(capabilities.announce ? verbs : {}) };
}

function unmet(instance: string, gaps: readonly string[]): OnRecordError {
  return new OnRecordError(
    'unsupported',
    `The provider instance "${instance}" does not meet the requirement:\n${gaps.map((gap) => `  ${gap}`).join('\n')}`,
    { context: { provider: instance, gaps } },
  );
}
