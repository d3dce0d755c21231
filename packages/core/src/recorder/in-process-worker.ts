import type { Clock } from '../clock.ts';
import { OnRecordError } from '../errors/index.ts';
import type { Logger } from '../log.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { Worker } from '../worker/worker.ts';
import { waitForRecord } from './wait.ts';

/**
 * A worker that runs only while some session needs it, so that a process whose recordings are settled can end; one that
 * holds a socket runs from the first need on until it is closed.
 */
export interface InProcessWorker {
  /** Runs until the worker has nothing left to do for this session, ever. */
  keep(sessionId: string): void;
  /** Runs, if there is something to hear, and resolves once it is heard, or cannot be now; see `Worker.listening`. */
  listen(instance: string, signal?: AbortSignal | undefined): Promise<void>;
  /** Resolves when the work in hand is done. */
  close(): Promise<void>;
}

export interface InProcessWorkerOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Instances whose drivers have a socket. */
  readonly sockets?: readonly string[] | undefined;
}

/** Wait before a session that could not be read is looked at again. */
const rereadMs = 1_000;

export function inProcessWorker(
  worker: Worker,
  { store, clock, logger, sockets = [] }: InProcessWorkerOptions,
): InProcessWorker {
  const kept = new Set<string>();
  const closing = new AbortController();
  let stop: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  let begun: Promise<void> = Promise.resolve();

  function start(): void {
    if (stop || closing.signal.aborted) return;
    const mine = new AbortController();
    stop = mine;
    const before = running;
    const run = before.then(() => ({ ended: worker.run({ signal: mine.signal }) }));
    begun = run.then(() => {});
    running = run
      .then(({ ended }) => ended)
      .catch((error: unknown) => logger.error({ err: error }, 'recorder: the worker broke off'));
  }

  async function follow(sessionId: string): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await waitForRecord(store, sessionId, ({ dueAt }) => dueAt === undefined, closing.signal);
        break;
      } catch (error) {
        if (closing.signal.aborted) break;
        logger.error({ err: error, sessionId }, 'recorder: a session cannot be followed');
        // Gone, or the store is closed: nothing will come of waiting.
        if (OnRecordError.is(error, 'not-found') || OnRecordError.is(error, 'invalid-state')) break;
        await clock.delay(rereadMs, { signal: closing.signal }).catch(() => {});
      }
    }
    kept.delete(sessionId);
    if (kept.size > 0 || sockets.length > 0) return;
    stop?.abort();
    stop = undefined;
  }

  return {
    keep(sessionId) {
      if (!kept.has(sessionId) && !closing.signal.aborted) {
        kept.add(sessionId);
        start();
        void follow(sessionId);
      }
      worker.wake();
    },
    async listen(instance, signal = closing.signal) {
      if (!sockets.includes(instance)) return;
      start();
      await begun;
      await worker.listening(instance, { signal: AbortSignal.any([signal, closing.signal]) });
    },
    async close() {
      closing.abort();
      stop?.abort();
      await running;
    },
  };
}
