import { timestamp } from '../clock.ts';
import { errorFields } from '../errors/index.ts';
import type { SessionRecord } from '../session/record.ts';
import { type Attended, attend, giveBackUnseen } from './attend.ts';
import { fileWork } from './file-work.ts';
import { listeners } from './listeners.ts';
import { type WorkerContext, type WorkerOptions, workerContext } from './worker-options.ts';

export interface TickResult {
  /** Sessions looked at. */
  readonly sessions: number;
  /** Looks at which some step threw; each is logged and tried again later. */
  readonly failures: number;
}

/** Does what no request handler may: polls, probes, moves media, delivers events. Any number may share one store. */
export interface Worker {
  /** Looks at everything due, and finishes what that brings; for a cron job or a scheduled function. Hears no events. */
  tick(options?: { readonly signal?: AbortSignal }): Promise<TickResult>;
  /**
   * Looks until aborted, and meanwhile hears the events of every provider with a socket, unless another worker does.
   * Resolves when the work in hand is done.
   */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * While {@link Worker.run} is opening the connection for the events of an instance: resolves once it stands, or failed,
   * or another worker turns out to have it. Otherwise at once.
   * @throws the signal's reason.
   */
  listening(instance: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Ends the current wait of {@link Worker.run}. */
  wake(): void;
}

const never: AbortSignal = new AbortController().signal;
/** Looks at one session within one tick: what it still wants then can wait for the next. */
const looksPerTick = 3;

/**
 * Sessions do not wait for each other: neither a provider that hangs, nor a file that takes an hour, nor a sink that
 * fails holds back any other session, nor the other work of its own.
 *
 * @example
 * ```ts
 * const worker = createWorker({ store, instances: { main: { driver } }, archive: filesystem('recordings') });
 * await worker.run({ signal });
 * ```
 */
export function createWorker(options: WorkerOptions): Worker {
  const context = workerContext(options, () => wake());
  const sockets = listeners(context);
  const files = fileWork(context);
  const troubles = new Map<string, number>();
  let claims = 0;
  let wake = () => {};

  /** Each claim has an owner of its own, so that this worker does not take twice what it has in hand. */
  function claim(limit: number): Promise<readonly SessionRecord[]> {
    claims += 1;
    return context.store.claimDue({
      now: timestamp(context.clock.now()),
      limit,
      leaseMs: context.intervals.leaseMs,
      owner: `${context.owner}/${claims}`,
    });
  }

  async function look(
    record: SessionRecord,
    signal: AbortSignal,
    background: (work: Promise<void>) => void,
  ): Promise<Attended> {
    const { id } = record;
    const attended = await attend(context, record, { signal, troubles: troubles.get(id) ?? 0, background });
    if (attended.fine) troubles.delete(id);
    else troubles.set(id, (troubles.get(id) ?? 0) + 1);
    if (attended.record) files.take(attended.record, signal);
    if (attended.dueMs === undefined) {
      context.pace.forget(`${id}/`);
      context.deliveries.forget(id);
    }
    return attended;
  }

  return {
    wake: () => wake(),
    listening: (instance, { signal = never } = {}) => sockets.tried(instance, signal),
    async tick({ signal = never } = {}) {
      const looks = new Map<string, number>();
      let failures = 0;
      for (;;) {
        const later: Promise<void>[] = [];
        const claimed = signal.aborted ? [] : await claim(context.concurrency);
        const due = claimed.filter(({ id }) => (looks.get(id) ?? 0) < looksPerTick);
        for (const { id } of due) looks.set(id, (looks.get(id) ?? 0) + 1);
        const results = await Promise.all(due.map((record) => look(record, signal, (work) => later.push(work))));
        failures += results.filter(({ fine }) => !fine).length;
        await Promise.all([...later, files.idle()]);
        for (const record of claimed) if (!due.includes(record)) await giveBackUnseen(context, record);
        if (due.length === 0) return { sessions: looks.size, failures };
      }
    },
    async run({ signal }) {
      const listening = sockets.run(signal).catch((error: unknown) => {
        context.logger.error({ err: errorFields(error) }, 'worker: nothing is heard from providers any more');
      });
      const work = new Set<Promise<unknown>>();
      const upcoming = new Map<string, number>();
      let attending = 0;
      const track = (job: Promise<unknown>) => {
        const tracked = job.catch(() => {}).finally(() => work.delete(tracked));
        work.add(tracked);
      };
      const begin = (record: SessionRecord) => {
        attending += 1;
        upcoming.delete(record.id);
        const looking = look(record, signal, track).then(({ sessionId, dueMs }) => {
          if (dueMs !== undefined) upcoming.set(sessionId, dueMs);
        });
        track(
          looking.finally(() => {
            attending -= 1;
            wake();
          }),
        );
      };
      while (!signal.aborted) {
        const woken = new AbortController();
        wake = () => woken.abort();
        const room = context.concurrency - attending;
        const nowMs = context.clock.now();
        const claimed = await claimRoom(room);
        for (const record of claimed ?? []) begin(record);
        for (const [id, dueMs] of upcoming) if (dueMs <= nowMs) upcoming.delete(id);
        // Full hands: the next free one wakes us.
        const waitMs = claimed === undefined ? context.intervals.idleMs : waitFor(context, upcoming);
        await context.clock.delay(waitMs, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => {});
      }
      await listening;
      while (work.size > 0) await Promise.all(work);
      await files.idle();
    },
  };

  /** Undefined when the store cannot be read now. */
  async function claimRoom(room: number): Promise<readonly SessionRecord[] | undefined> {
    if (room <= 0) return [];
    try {
      return await claim(room);
    } catch (error) {
      context.logger.error({ err: errorFields(error), owner: context.owner }, 'worker: the store cannot be read');
      return undefined;
    }
  }
}

/** Until the next session that this worker knows of is due; those of other processes are found by looking. */
function waitFor({ clock, intervals }: WorkerContext, upcoming: ReadonlyMap<string, number>): number {
  const next = Math.min(...upcoming.values(), Number.POSITIVE_INFINITY);
  return Math.min(intervals.idleMs, Math.max(0, next - clock.now()));
}
