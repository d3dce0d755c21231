import { timestamp } from '../clock.ts';
import { commit } from '../engine/commit.ts';
import type { Json } from '../json.ts';
import type { OutboxEntry } from '../session/record.ts';
import type { WorkerContext } from './worker-options.ts';

const firstWaitMs = 1_000;
const longestWaitMs = 3_600_000;
/** How long a dead letter can be looked up. */
const deadLettersKeptMs = 30 * 24 * 3_600_000;

/** Hands the outbox to every sink, in order, at least once; a failure holds back what comes after it. */
export async function deliverEvents(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger } = context;
  const record = await store.load(sessionId);
  if (!record || record.outbox.length === 0) return;
  const gone = new Set<string>();
  let failed: OutboxEntry | undefined;
  for (const entry of record.outbox) {
    if (entry.nextAttemptAt !== undefined && Date.parse(entry.nextAttemptAt) > clock.now()) break;
    try {
      for (const sink of context.sinks) await sink.deliver(entry.event, { signal });
      gone.add(entry.event.id);
    } catch (error) {
      if (signal.aborted) break;
      const attempts = entry.attempts + 1;
      logger.warn({ err: error, sessionId, eventId: entry.event.id, attempts }, 'worker: an event was not delivered');
      if (attempts >= context.maxDeliveries) {
        const letter: Json = { ...entry.event, data: entry.event.data };
        await store.remember(`dead-letter/${entry.event.id}`, letter, timestamp(clock.now() + deadLettersKeptMs));
        logger.error({ sessionId, eventId: entry.event.id }, 'worker: an event went to the dead letters');
        gone.add(entry.event.id);
        continue;
      }
      const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** entry.attempts);
      failed = { ...entry, attempts, nextAttemptAt: timestamp(clock.now() + wait) };
      break;
    }
  }
  if (gone.size === 0 && !failed) return;
  await commit(store, sessionId, (before) => ({
    ...before,
    outbox: before.outbox
      .filter(({ event }) => !gone.has(event.id))
      .map((entry) => (failed && entry.event.id === failed.event.id ? failed : entry)),
  }));
}
