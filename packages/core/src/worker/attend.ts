import { timestamp } from '../clock.ts';
import { commit, providerIndex } from '../engine/commit.ts';
import { adoptParked, correlationIndexes } from '../engine/route-reports.ts';
import { errorFields } from '../errors/index.ts';
import type { SessionRecord } from '../session/record.ts';
import { adoptShared } from './adopt-shared.ts';
import { giveUpLate } from './command-deadlines.ts';
import { type Delivered, deliverAt, deliverEvents } from './deliver-events.ts';
import { deliverOn } from './deliver-on.ts';
import { claimOutbox } from './deliveries.ts';
import { describeLanded } from './describe-landed.ts';
import { expireFiles } from './expire-files.ts';
import { finalizeParts } from './finalize-parts.ts';
import { holdLease } from './hold-lease.ts';
import { judgeAbsence } from './judge-absence.ts';
import { nextDue } from './next-due.ts';
import { pollProvider } from './poll-provider.ts';
import { probeLanding } from './probe-landing.ts';
import { releaseSources } from './release-sources.ts';
import { expireSecureSections } from './secure-sections.ts';
import { sendUnsent } from './send-unsent.ts';
import { warnExpiring } from './warn-expiring.ts';
import type { WorkerContext } from './worker-options.ts';

/** How long the lease of a record waits for its sinks; slower ones go on without it. */
const inlineDeliveryMs = 1_000;
/** How long reports that overtook their session wait for it, and a little more. */
const parkedMs = 25 * 3_600_000;
const firstTroubleMs = 1_000;
const longestTroubleMs = 60_000;

export interface Attended {
  readonly sessionId: string;
  /** No step threw. */
  readonly fine: boolean;
  /** When the session is due next (epoch ms), as far as this look can tell. */
  readonly dueMs: number | undefined;
  /** The record as it was given back; undefined when that failed, or another worker has it. */
  readonly record: SessionRecord | undefined;
}

export interface AttendOptions {
  readonly signal: AbortSignal;
  /** How often in a row the session failed before this look. */
  readonly troubles: number;
  /** Takes work that goes on after the record was given back. */
  readonly background: (work: Promise<void>) => void;
}

/** Does everything that is due for one session and takes a moment, then gives it back with the time of the next look. */
export async function attend(
  context: WorkerContext,
  claimed: SessionRecord,
  { signal, troubles, background }: AttendOptions,
): Promise<Attended> {
  const { clock, logger } = context;
  const { id } = claimed;
  const lease = holdLease(context, claimed, signal);
  let fine = true;
  const step = async (name: string, work: () => Promise<void>) => {
    if (lease.signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (lease.signal.aborted) return;
      fine = false;
      logger.error({ err: errorFields(error), sessionId: id, step: name }, 'worker: a step failed, to be tried again');
    }
  };
  if (!context.instances[claimed.provider]) {
    logger.warn({ sessionId: id, provider: claimed.provider }, 'worker: no such provider instance is configured here');
  }
  const { signal: held } = lease;
  await step('parked', () => adoptEarly(context, claimed));
  await step('commands', () => sendUnsent(context, id, held));
  await step('status', () => pollProvider(context, id, held));
  await step('deadlines', () => giveUpLate(context, id));
  await step('secure', () => expireSecureSections(context, id));
  await step('shared', () => adoptShared(context, id));
  await step('finalize', () => finalizeParts(context, id, held));
  await step('landing', () => probeLanding(context, id, held));
  await step('description', () => describeLanded(context, id, held));
  await step('expiry', () => expireFiles(context, id));
  await step('expiring', () => warnExpiring(context, id));
  await step('absence', () => judgeAbsence(context, id));
  await step('release', () => releaseSources(context, id, held));

  const abort = linked(held);
  const delivery = startDelivery(context, id, abort.signal);
  await step('events', () => delivery.within(inlineDeliveryMs));
  const given = await giveBack(context, claimed, {
    delivered: delivery.result(),
    pending: delivery.isPending(),
    patienceMs: fine ? 0 : Math.min(longestTroubleMs, firstTroubleMs * 2 ** Math.min(troubles, 30)),
  }).catch((error: unknown) => {
    logger.error({ err: errorFields(error), sessionId: id }, 'worker: a session could not be given back');
    return undefined;
  });
  lease.stop();
  if (delivery.isPending()) {
    const untie = tie(signal, abort);
    const on = deliverOn(context, id, delivery.promise, { abort, replan: (record) => replan(context, record) })
      .catch((error: unknown) => {
        logger.error({ err: errorFields(error), sessionId: id }, 'worker: deliveries could not be written down');
      })
      .finally(untie);
    background(on);
  }
  return { sessionId: id, fine: fine && given !== undefined, dueMs: dueMs(given, clock.now()), record: given };
}

function dueMs(given: SessionRecord | undefined, nowMs: number): number | undefined {
  if (!given) return nowMs + firstTroubleMs;
  return given.dueAt === undefined ? undefined : Date.parse(given.dueAt);
}

/**
 * Takes in what overtook the session, or its keys: nobody else would come back for it when the process that learned a key
 * died before it had done so.
 */
async function adoptEarly({ store, clock }: WorkerContext, record: SessionRecord): Promise<void> {
  const isYoung = ({ createdAt }: { readonly createdAt: string }) => clock.now() - Date.parse(createdAt) <= parkedMs;
  const keys = record.parts.filter(isYoung).flatMap((part) => part.keys);
  const indexes = [
    ...(isYoung(record) ? correlationIndexes(record) : []),
    ...keys.map((key) => providerIndex(record.provider, key)),
  ];
  await adoptParked(store, record.id, indexes, clock.now());
}

interface GiveBack {
  readonly delivered: Delivered | undefined;
  /** Deliveries go on without the lease. */
  readonly pending: boolean;
  /** Least wait until the next look, after trouble. */
  readonly patienceMs: number;
}

/** Ends the lease, if it is still ours, and says when to look next. */
async function giveBack(
  context: WorkerContext,
  claimed: SessionRecord,
  { delivered, pending, patienceMs }: GiveBack,
): Promise<SessionRecord> {
  const { store, clock, intervals, owner } = context;
  return commit(store, claimed.id, (before) => {
    const outbox = delivered ? delivered(before.outbox) : before.outbox;
    if (before.lease?.owner !== claimed.lease?.owner) return delivered ? { ...before, outbox } : undefined;
    const { lease: _, ...record } = before;
    const nowMs = clock.now();
    const until = timestamp(nowMs + intervals.leaseMs);
    const free = { ...record, outbox: pending ? claimOutbox(outbox, owner, until) : outbox };
    // Events that came meanwhile go out at once; everything else that is due had its chance just now.
    const news = delivered !== undefined && (deliverAt(context, free, nowMs) ?? Number.POSITIVE_INFINITY) <= nowMs;
    return planned(context, free, Math.max(patienceMs, news ? 0 : intervals.firstPollMs));
  });
}

/** Gives a record back that was looked at often enough for now. */
export async function giveBackUnseen(context: WorkerContext, claimed: SessionRecord): Promise<void> {
  await giveBack(context, claimed, { delivered: undefined, pending: false, patienceMs: 0 });
}

/** The record due at its time, but not before `leastMs` from now: what cannot be done is not tried in a loop. */
function planned(context: WorkerContext, record: SessionRecord, leastMs: number): SessionRecord {
  const { dueAt: _, ...rest } = record;
  const nowMs = context.clock.now();
  const due = nextDue(context, rest, nowMs);
  return due === undefined ? rest : { ...rest, dueAt: timestamp(Math.max(due, nowMs + leastMs)) };
}

/** The record with its next look planned anew, unless a worker has it: that one will. */
function replan(context: WorkerContext, record: SessionRecord): SessionRecord {
  const held = record.lease && record.lease.until > timestamp(context.clock.now());
  return held ? record : planned(context, record, 0);
}

interface Delivery {
  readonly promise: Promise<Delivered | undefined>;
  /** Waits for it, but not longer than this. */
  within(ms: number): Promise<void>;
  isPending(): boolean;
  result(): Delivered | undefined;
}

function startDelivery(context: WorkerContext, sessionId: string, signal: AbortSignal): Delivery {
  let pending = true;
  let delivered: Delivered | undefined;
  const promise = deliverEvents(context, sessionId, signal)
    .then((result) => {
      delivered = result;
      return result;
    })
    .finally(() => {
      pending = false;
    });
  promise.catch(() => {});
  return {
    promise,
    async within(ms) {
      const done = new AbortController();
      const limit = context.clock.delay(ms, { signal: done.signal }).catch(() => {});
      try {
        await Promise.race([promise, limit]);
      } finally {
        done.abort();
      }
    },
    isPending: () => pending,
    result: () => delivered,
  };
}

/** A controller that aborts with a signal. */
function linked(signal: AbortSignal): AbortController {
  const own = new AbortController();
  tie(signal, own);
  return own;
}

function tie(signal: AbortSignal, controller: AbortController): () => void {
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}
