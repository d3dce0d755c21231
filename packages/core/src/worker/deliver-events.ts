import { timestamp } from '../clock.ts';
import { within } from '../engine/within.ts';
import { errorFields } from '../errors/index.ts';
import type { EventSink } from '../events/event.ts';
import type { Json } from '../json.ts';
import type { OutboxEntry, SessionRecord } from '../session/record.ts';
import { deliveringOf } from './deliveries.ts';
import type { WorkerContext } from './worker-options.ts';

const firstWaitMs = 1_000;
const longestWaitMs = 3_600_000;
/** How long a dead letter can be looked up. */
const deadLettersKeptMs = 30 * 24 * 3_600_000;

/** What a round of deliveries came to; applied to whatever the outbox is by then. */
export type Delivered = (outbox: readonly OutboxEntry[]) => readonly OutboxEntry[];

/**
 * Hands the outbox to every sink: in order, at least once, each sink for itself. An event that a sink does not take
 * holds back what comes after it for that sink alone, and goes to the dead letters after `maxDeliveries`. Undefined
 * when there is nothing to deliver, or somebody else does.
 */
export async function deliverEvents(
  context: WorkerContext,
  sessionId: string,
  signal: AbortSignal,
): Promise<Delivered | undefined> {
  const { store, clock, deliveries, owner } = context;
  if (deliveries.isBusy(sessionId)) return undefined;
  deliveries.begin(sessionId);
  try {
    const record = await store.load(sessionId);
    if (!record || record.outbox.length === 0) return undefined;
    const held = deliveringOf(record.outbox);
    if (held && held.by !== owner && held.until > timestamp(clock.now())) return undefined;
    const failed = new Map<number, string[]>();
    await Promise.all(
      sinksByName(context).map(async ([name, sink]) => {
        const at = await deliverTo(context, record, name, sink, signal);
        if (at !== undefined) failed.set(at, [...(failed.get(at) ?? []), name]);
      }),
    );
    return await outcome(context, record, failed);
  } finally {
    deliveries.end(sessionId);
  }
}

/** Sinks by a name of their own: two webhooks may be called alike. */
function sinksByName({ sinks }: WorkerContext): readonly (readonly [string, EventSink])[] {
  return sinks.map((sink, index) => [`${index}/${sink.name}`, sink] as const);
}

function sequenceOf({ event }: OutboxEntry): number {
  return Number(event.sequence);
}

/** Delivers in order until one fails; the sequence number of that one. */
async function deliverTo(
  context: WorkerContext,
  record: SessionRecord,
  name: string,
  sink: EventSink,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { clock, intervals, logger } = context;
  const progress = context.deliveries.progress(record.id, name);
  for (const entry of record.outbox) {
    const sequence = sequenceOf(entry);
    if (sequence <= progress.upTo) continue;
    if (mustWait(context, progress.failing, entry, clock.now())) return undefined;
    try {
      await within(clock, intervals.deliverMs, signal, (cut) => sink.deliver(entry.event, { signal: cut }));
      progress.upTo = sequence;
      progress.failing = undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      // For want of memory a sink may be tried early; that is not counted against it.
      const early = entry.nextAttemptAt !== undefined && entry.nextAttemptAt > timestamp(clock.now());
      progress.failing = sequence;
      logger.warn(
        { err: errorFields(error), sessionId: record.id, eventId: entry.event.id, sink: sink.name },
        'worker: an event was not delivered',
      );
      return early ? undefined : sequence;
    }
  }
  return undefined;
}

/** Whether a sink waits for the next attempt at an event; of one sink it is known that it is the one that failed. */
function mustWait({ sinks }: WorkerContext, failing: number | undefined, entry: OutboxEntry, nowMs: number): boolean {
  if (entry.nextAttemptAt === undefined || entry.nextAttemptAt <= timestamp(nowMs)) return false;
  return failing === sequenceOf(entry) || sinks.length === 1;
}

async function outcome(
  context: WorkerContext,
  record: SessionRecord,
  failed: ReadonlyMap<number, readonly string[]>,
): Promise<Delivered> {
  const { clock, deliveries, maxDeliveries } = context;
  const retries = new Map<number, Pick<OutboxEntry, 'attempts' | 'nextAttemptAt'>>();
  for (const entry of record.outbox) {
    const sequence = sequenceOf(entry);
    const names = failed.get(sequence);
    if (!names) continue;
    const attempts = entry.attempts + 1;
    if (attempts >= maxDeliveries && (await bury(context, record.id, entry, names))) {
      for (const name of names) {
        const progress = deliveries.progress(record.id, name);
        progress.upTo = sequence;
        progress.failing = undefined;
      }
      continue;
    }
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(entry.attempts, 30));
    retries.set(sequence, { attempts, nextAttemptAt: timestamp(clock.now() + wait) });
  }
  const everywhere = Math.min(
    ...sinksByName(context).map(([name]) => deliveries.progress(record.id, name).upTo),
    sequenceOf(record.outbox.at(-1)!),
  );
  return (outbox) =>
    outbox
      .filter((entry) => sequenceOf(entry) > everywhere)
      .map((entry) => ({ ...entry, ...retries.get(sequenceOf(entry)) }));
}

/** Keeps an event that a sink will not take where it can be looked up, and lets the next ones pass. */
async function bury(
  { store, clock, logger }: WorkerContext,
  sessionId: string,
  { event }: OutboxEntry,
  sinks: readonly string[],
): Promise<boolean> {
  const letter: Json = { ...event, data: event.data, sinks };
  try {
    await store.remember(`dead-letter/${event.id}`, letter, timestamp(clock.now() + deadLettersKeptMs));
  } catch (error) {
    logger.error({ err: errorFields(error), sessionId, eventId: event.id }, 'worker: a dead letter was not kept');
    return false;
  }
  logger.error({ sessionId, eventId: event.id, sinks }, 'worker: an event went to the dead letters');
  return true;
}

/** When events of a session may be delivered next (epoch ms); undefined when there are none. */
export function deliverAt(context: WorkerContext, record: SessionRecord, nowMs: number): number | undefined {
  if (record.outbox.length === 0) return undefined;
  const held = deliveringOf(record.outbox);
  if (held && held.until > timestamp(nowMs)) return Date.parse(held.until);
  const times = sinksByName(context).flatMap(([name]) => {
    const { upTo, failing } = context.deliveries.progress(record.id, name);
    const entry = record.outbox.find((each) => sequenceOf(each) > upTo);
    if (!entry) return [];
    return [mustWait(context, failing, entry, nowMs) ? Date.parse(entry.nextAttemptAt ?? '') : nowMs];
  });
  return times.length === 0 ? nowMs : Math.min(...times);
}
