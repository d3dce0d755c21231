import { commit } from '../engine/commit.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Delivered } from './deliver-events.ts';
import { claimOutbox, deliveringOf, releaseOutbox } from './deliveries.ts';
import { hold } from './hold-lease.ts';
import type { WorkerContext } from './worker-options.ts';

/**
 * Keeps the outbox from other workers while slow deliveries go on beyond the lease of their record, so that nothing
 * else of the session has to wait for them, and writes down what they came to.
 */
export async function deliverOn(
  context: WorkerContext,
  sessionId: string,
  delivering: Promise<Delivered | undefined>,
  options: {
    readonly replan: (record: SessionRecord) => SessionRecord;
    /** Ends the deliveries. */
    readonly abort: AbortController;
  },
): Promise<void> {
  const { store, owner } = context;
  const holding = hold(context, {
    sessionId,
    holdMs: context.intervals.leaseMs,
    signal: options.abort.signal,
    renew: (record, until) =>
      deliveringOf(record.outbox)?.by === owner
        ? { ...record, outbox: claimOutbox(record.outbox, owner, until) }
        : undefined,
  });
  holding.signal.addEventListener('abort', () => options.abort.abort(holding.signal.reason), { once: true });
  try {
    const delivered = await delivering;
    await commit(store, sessionId, (before) => {
      const mine = deliveringOf(before.outbox)?.by === owner;
      const outbox = delivered ? delivered(before.outbox) : before.outbox;
      return options.replan({ ...before, outbox: mine ? releaseOutbox(outbox) : outbox });
    });
  } finally {
    holding.stop();
  }
}
