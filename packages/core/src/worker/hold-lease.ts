import { timestamp } from '../clock.ts';
import { commit } from '../engine/commit.ts';
import { errorFields, OnRecordError } from '../errors/index.ts';
import type { SessionRecord } from '../session/record.ts';
import type { WorkerContext } from './worker-options.ts';

/** Something in a record that is held for a while, renewed, and lost by time or to another worker. */
export interface Holding {
  /** Aborts when it is lost, or when the work is to end. */
  readonly signal: AbortSignal;
  /** Stops renewing; the holding itself stays until it is given back or runs out. */
  stop(): void;
}

export interface HoldOptions {
  readonly sessionId: string;
  readonly holdMs: number;
  readonly signal: AbortSignal;
  /** The record with the holding renewed until then, or undefined when it is ours no more. */
  renew(record: SessionRecord, until: string): SessionRecord | undefined;
}

/**
 * Renews a holding at a third of its time. When it is lost, or could not be renewed for as long as it lasts, whoever
 * works under it is told to stop: another worker may have begun.
 */
export function hold(
  { clock, store, logger }: Pick<WorkerContext, 'clock' | 'store' | 'logger'>,
  { sessionId, holdMs, signal, renew }: HoldOptions,
): Holding {
  const own = new AbortController();
  const done = new AbortController();
  const onAbort = () => own.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });

  async function keep(): Promise<void> {
    let renewedAt = clock.monotonic();
    for (;;) {
      await clock.delay(holdMs / 3, { signal: done.signal });
      let lost = false;
      try {
        await commit(store, sessionId, (before) => {
          const next = renew(before, timestamp(clock.now() + holdMs));
          lost = next === undefined;
          return next;
        });
        if (!lost) renewedAt = clock.monotonic();
      } catch (error) {
        logger.warn({ err: errorFields(error), sessionId }, 'worker: a lease could not be renewed');
        lost = clock.monotonic() - renewedAt >= holdMs;
      }
      if (done.signal.aborted) return;
      if (!lost) continue;
      own.abort(new OnRecordError('conflict', `Another worker took over session ${sessionId}.`, { retry: 'safe' }));
      return;
    }
  }

  keep().catch(() => {});
  return {
    signal: own.signal,
    stop() {
      done.abort();
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/** Keeps the lease of a claimed record. */
export function holdLease(context: WorkerContext, claimed: SessionRecord, signal: AbortSignal): Holding {
  const owner = claimed.lease?.owner;
  return hold(context, {
    sessionId: claimed.id,
    holdMs: context.intervals.leaseMs,
    signal,
    renew: (record, until) =>
      owner !== undefined && record.lease?.owner === owner ? { ...record, lease: { owner, until } } : undefined,
  });
}
