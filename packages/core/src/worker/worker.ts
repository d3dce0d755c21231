import { timestamp } from '../clock.ts';
import { commit } from '../engine/commit.ts';
import type { SessionRecord } from '../session/record.ts';
import { advanceCommands } from './advance-commands.ts';
import { archiveMedia } from './archive-media.ts';
import { awaitMedia } from './await-media.ts';
import { deliverEvents } from './deliver-events.ts';
import { nextDue } from './next-due.ts';
import { type WorkerContext, type WorkerOptions, workerContext } from './worker-options.ts';

export interface TickResult {
  /** Sessions looked at. */
  readonly sessions: number;
  /** Sessions whose work threw; each is logged and tried again later. */
  readonly failures: number;
}

/** Does what no request handler may: polls, probes, moves media, delivers events. Any number may share one store. */
export interface Worker {
  /** Looks once at everything due; for a cron job or a scheduled function. */
  tick(options?: { readonly signal?: AbortSignal }): Promise<TickResult>;
  /** Ticks until aborted; resolves when the work in hand is done. */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Ends the current wait of {@link Worker.run}. */
  wake(): void;
}

const never: AbortSignal = new AbortController().signal;

/**
 * @example
 * ```ts
 * const worker = createWorker({ store, instances: { main: { driver } }, archive: filesystem('recordings') });
 * await worker.run({ signal });
 * ```
 */
export function createWorker(options: WorkerOptions): Worker {
  const context = workerContext(options);
  let wake = () => {};

  async function tick(tickOptions: { readonly signal?: AbortSignal } = {}): Promise<TickResult> {
    const signal = tickOptions.signal ?? never;
    const claimed = await context.store.claimDue({
      now: timestamp(context.clock.now()),
      limit: context.concurrency,
      leaseMs: context.intervals.leaseMs,
      owner: context.owner,
    });
    const results = await Promise.all(claimed.map((record) => attend(context, record, signal)));
    return { sessions: claimed.length, failures: results.filter((fine) => !fine).length };
  }

  return {
    tick,
    wake: () => wake(),
    async run({ signal }) {
      while (!signal.aborted) {
        const woken = new AbortController();
        wake = () => woken.abort();
        const { sessions } = await tick({ signal }).catch((error: unknown) => {
          context.logger.error({ err: error, owner: context.owner }, 'worker: the store cannot be read');
          return { sessions: 0 };
        });
        if (sessions >= context.concurrency) continue;
        await context.clock
          .delay(waitFor(context, sessions), { signal: AbortSignal.any([signal, woken.signal]) })
          .catch(() => {});
      }
    },
  };
}

/** While sessions are in hand their next look may be near; else the idle wait stands. */
function waitFor(context: WorkerContext, sessions: number): number {
  return sessions > 0 ? Math.min(context.intervals.firstPollMs, context.intervals.idleMs) : context.intervals.idleMs;
}

/** Does everything due for one session, then gives it back with the time of the next look. */
async function attend(context: WorkerContext, claimed: SessionRecord, signal: AbortSignal): Promise<boolean> {
  const { store, clock, logger } = context;
  let fine = true;
  const step = async (name: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      fine = false;
      logger.error({ err: error, sessionId: claimed.id, step: name }, 'worker: a step failed and will be tried again');
    }
  };
  await step('commands', () => advanceCommands(context, claimed.id, signal));
  await step('media', () => awaitMedia(context, claimed.id, signal));
  await step('archive', () => archiveMedia(context, claimed.id, signal));
  await step('events', () => deliverEvents(context, claimed.id, signal));
  await step('release', async () => {
    await commit(store, claimed.id, ({ lease: _lease, dueAt: _dueAt, ...record }) => {
      const due = nextDue(context, record, clock.now());
      return due === undefined ? record : { ...record, dueAt: timestamp(due) };
    });
  });
  return fine;
}
