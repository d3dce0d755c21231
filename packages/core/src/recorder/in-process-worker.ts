import type { Clock } from '../clock.ts';
import { OnRecordError } from '../errors/index.ts';
import type { Logger } from '../log.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { Worker } from '../worker/worker.ts';
import { waitForRecord } from './wait.ts';

/** A worker that runs only while some session needs it, so that a process whose recordings are settled can end. */
export interface InProcessWorker {
  /** Runs until the worker has nothing left to do for this session, ever. */
  keep(sessionId: string): void;
  /** Resolves when the work in hand is done. */
  close(): Promise<void>;
}

export interface InProcessWorkerOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Wait before a session that could not be read is looked at again. */
const rereadMs = 1_000;

export function inProcessWorker(worker: Worker, { store, clock, logger }: InProcessWorkerOptions): InProcessWorker {
  const kept = new Set<string>();
  const closing = new AbortController();
  let stop: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();

  function start(): void {
    if (stop) return;
    const mine = new AbortController();
    stop = mine;
    running = running
      .then(() => worker.run({ signal: mine.signal }))
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
    if (kept.size > 0) return;
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
    async close() {
      closing.abort();
      stop?.abort();
      await running;
    },
  };
}
