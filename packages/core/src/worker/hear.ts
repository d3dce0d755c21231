import type { CallNotice } from '../call/call-notice.ts';
import type { CallRef } from '../call/call-ref.ts';
import type { DriverListener, Parsed, RecordingDriver } from '../driver/driver.ts';
import { askable, askableBy } from '../engine/ask-part.ts';
import { coalesce } from '../engine/coalesce.ts';
import { followable, followPart } from '../engine/follow-part.ts';
import { routeReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import { errorFields, OnRecordError } from '../errors/index.ts';
import { sessionsOfCall } from '../recorder/call-sessions.ts';
import { correlationOf, parseCorrelation } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { askingOf, pollPart } from './poll-provider.ts';
import type { WorkerContext } from './worker-options.ts';

/** Sessions asked about at once after the connection was opened, and read from the store with one look. */
const asksAtOnce = 4;
const pageSize = 100;
/** Waits before something is tried again that could not be kept or handled; after the last it is given up. */
const retryWaits: readonly number[] = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 60_000, 60_000];
/** Messages that wait at most, in memory, until the store takes them; what comes on top of that is only asked about. */
const mostWaiting = 1_000;

/** How long ending waits for whoever handles a notice now: half of it may be done. */
const graceMs = 5_000;

export interface HearOptions {
  readonly instance: string;
  readonly driver: RecordingDriver;
  /** Aborts when another worker may listen: what is heard from then on is not kept any more. */
  readonly signal: AbortSignal;
}

export interface Hearing extends DriverListener {
  /** Resolves when nothing is in hand. */
  idle(): Promise<void>;
}

/** What becomes of what the connections to one instance bring, while this worker is the one that listens. */
export function hear(context: WorkerContext, { instance, driver, signal }: HearOptions): Hearing {
  const { store, clock, logger } = context;
  const asking = askingOf(context, instance);
  const work = new Set<Promise<void>>();
  /** Live sessions whose tracks depend on who is on the call, by call: those of a tenant cannot be found by the call. */
  const followed = new Map<string, Set<string>>();
  let waiting = 0;
  const grace = new AbortController();

  /** Work that nobody waits for; what fails is logged as told. */
  function background(job: Promise<void>, fields: object, message: string): void {
    const tracked = job
      .catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ err: errorFields(error), instance, ...fields }, message);
      })
      .finally(() => work.delete(tracked));
    work.add(tracked);
  }

  const ask = coalesce(async (correlation) => {
    const found = asking && (await askableBy(asking, correlation, signal));
    if (!found) return;
    await pollPart(context, found.record, found.part, signal);
    context.wake();
  });

  const follow = coalesce(async (correlation) => {
    const named = parseCorrelation(correlation);
    if (named && asking) await followPart(asking, named.sessionId, named.partId, signal);
  });

  const askAll = coalesce(async () => {
    for (let after: string | undefined; !signal.aborted; ) {
      const page = await store.list({ unfinished: true, limit: pageSize, after });
      const rest = page.values();
      await Promise.all(Array.from({ length: asksAtOnce }, () => askEach(rest)));
      after = page.at(-1);
      if (after === undefined || page.length < pageSize) return;
    }
  });

  async function askEach(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      if (signal.aborted) return;
      // One that cannot be read is no reason to leave the others out.
      await askAbout(id).catch((error: unknown) => {
        if (!signal.aborted)
          logger.warn({ err: errorFields(error), sessionId: id }, 'worker: a session was not asked about');
      });
    }
  }

  async function askAbout(id: string): Promise<void> {
    const record = await store.load(id);
    if (record?.provider !== instance) return;
    await Promise.all(askable(record).map((part) => ask(correlationOf(id, part.id))));
    const newest = driver.doFollow && (await store.load(id));
    if (newest) await followSession(newest);
  }

  async function followSession(record: SessionRecord): Promise<void> {
    note(record);
    await Promise.all(followable(record).map((partId) => follow(correlationOf(record.id, partId))));
  }

  function note({ id, call, output, snapshot: { state } }: SessionRecord): void {
    if (!driver.doFollow || output.layout !== 'per-participant') return;
    const sessions = followed.get(nameOf(call)) ?? new Set();
    if (state === 'processing' || state === 'completed' || state === 'failed') sessions.delete(id);
    else sessions.add(id);
    if (sessions.size > 0) followed.set(nameOf(call), sessions);
    else followed.delete(nameOf(call));
  }

  async function followCall(call: CallRef): Promise<void> {
    const known = await Promise.all([...(followed.get(nameOf(call)) ?? [])].map((id) => store.load(id)));
    const records = [...known, ...(await sessionsOfCall(store, undefined, call))].filter((each) => each !== undefined);
    const sessions = new Map(records.map((record) => [record.id, record]));
    const own = [...sessions.values()].filter(({ provider }) => provider === instance);
    await Promise.all(own.map(followSession));
  }

  async function keep({ reports, ask: asked = [] }: Parsed): Promise<void> {
    const { sessionIds } = await within(clock, context.intervals.requestMs, signal, () =>
      routeReports(store, instance, reports, clock.now()),
    );
    if (sessionIds.length > 0) context.wake();
    for (const correlation of new Set(asked)) {
      background(ask(correlation), { correlation }, 'worker: the provider could not be asked about a part');
    }
    if (!driver.doFollow) return;
    for (const id of new Set([...sessionIds, ...asked.flatMap((each) => parseCorrelation(each)?.sessionId ?? [])])) {
      const record = await store.load(id);
      if (record) note(record);
    }
  }

  /** The store takes it later: the socket cannot be asked to say it again. */
  async function keepLater(parsed: Parsed): Promise<void> {
    if (waiting >= mostWaiting) return askAll('all');
    waiting += 1;
    try {
      await again(() => keep(parsed));
    } finally {
      waiting -= 1;
    }
    await askEachPart(parsed);
  }

  async function askEachPart(parsed: Parsed): Promise<void> {
    for (const correlation of correlationsIn(parsed)) await ask(correlation);
  }

  /** Tries until it succeeds; what is told of the first failure is the caller's business. */
  async function patiently(attempt: () => Promise<void>, failed: (error: unknown) => void = () => {}): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      if (signal.aborted) throw error;
      failed(error);
      await again(attempt);
    }
  }

  async function again(attempt: () => Promise<void>): Promise<void> {
    for (const waitMs of retryWaits) {
      await clock.delay(waitMs, { signal });
      try {
        return await attempt();
      } catch (error) {
        if (signal.aborted || isFinal(error)) throw error;
      }
    }
    await attempt();
  }

  async function tell(notice: CallNotice): Promise<void> {
    if (notice.type === 'call.participant-joined' && driver.doFollow) {
      const following = patiently(() => followCall(notice.call));
      background(following, { noticeId: notice.noticeId }, 'worker: nobody follows who joined a call');
    }
    await patiently(
      () => within(clock, context.intervals.deliverMs, grace.signal, () => context.onNotice(notice, instance)),
      (error) => {
        const fields = { err: errorFields(error), instance, noticeId: notice.noticeId, type: notice.type };
        logger.warn(fields, 'worker: a call notice could not be handled, to be tried again');
      },
    );
  }

  async function take(parsed: Parsed): Promise<void> {
    signal.throwIfAborted();
    try {
      await keep(parsed);
    } catch (error) {
      if (signal.aborted) throw error;
      const parts = correlationsIn(parsed);
      const fields = { err: errorFields(error), instance, parts };
      logger.error(fields, 'worker: a message could not be kept, to be tried again');
      const later = isFinal(error) ? askEachPart(parsed) : keepLater(parsed);
      background(later, { parts }, 'worker: a message is lost, and its parts are asked about');
    }
    // Flows put the notices of a call into their order; nothing here waits for them, or they would wait for themselves.
    for (const notice of parsed.calls) {
      const fields = { noticeId: notice.noticeId, type: notice.type };
      background(tell(notice), fields, 'worker: a call notice was not handled');
    }
  }

  let turn: Promise<void> = Promise.resolve();
  return {
    opened() {
      background(
        patiently(() => askAll('all')),
        {},
        'worker: what happened before the connection was opened could not be asked for',
      );
    },
    emit(parsed) {
      // In the order in which they came: an event is kept before the next one that follows from it.
      const kept = turn.then(() => take(parsed));
      turn = kept.catch(() => {});
      return kept;
    },
    async idle() {
      await turn;
      const done = new AbortController();
      clock.delay(graceMs, { signal: done.signal }).then(
        () => grace.abort(signal.reason),
        () => {},
      );
      while (work.size > 0) await Promise.all(work);
      done.abort();
    },
  };
}

function nameOf({ kind, key }: CallRef): string {
  return `${kind}:${key}`;
}

function correlationsIn({ reports, ask = [] }: Parsed): readonly string[] {
  const named = reports.flatMap(({ subject }) => ('correlation' in subject ? [subject.correlation] : []));
  return [...new Set([...named, ...ask])];
}

/** Whether the next attempt must fail as well. */
function isFinal(error: unknown): boolean {
  return OnRecordError.is(error, 'provider-contract') || OnRecordError.is(error, 'unsupported');
}
