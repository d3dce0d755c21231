import type { CallNotice } from '../call/call-notice.ts';
import type { DriverListener, Parsed, RecordingDriver } from '../driver/driver.ts';
import { routeReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import { errorFields } from '../errors/index.ts';
import { parseCorrelation } from '../report/report.ts';
import { catchUp } from './catch-up.ts';
import { patiently } from './patiently.ts';
import type { WorkerContext } from './worker-options.ts';

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
export function hear(context: WorkerContext, options: HearOptions): Hearing {
  const { store, clock, logger, intervals } = context;
  const { instance, driver, signal } = options;
  const missed = catchUp(context, options);
  const work = new Set<Promise<void>>();
  const grace = new AbortController();
  let waiting = 0;

  /** Work that nobody waits for; what fails is logged as told. */
  function background(job: Promise<void>, fields: object, message: string): void {
    const tracked = job
      .catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ err: errorFields(error), instance, ...fields }, message);
      })
      .finally(() => work.delete(tracked));
    work.add(tracked);
  }

  async function keep({ reports, ask = [] }: Parsed): Promise<void> {
    const { sessionIds } = await within(clock, intervals.requestMs, signal, () =>
      routeReports(store, instance, reports, clock.now()),
    );
    if (sessionIds.length > 0) context.wake();
    for (const correlation of new Set(ask)) {
      background(missed.ask(correlation), { correlation }, 'worker: the provider could not be asked about a part');
    }
    const named = ask.flatMap((correlation) => parseCorrelation(correlation)?.sessionId ?? []);
    for (const id of new Set([...sessionIds, ...named])) await missed.note(id);
  }

  /** Kept once the store takes it: the socket cannot be asked to say it again. */
  async function keepPatiently(parsed: Parsed): Promise<void> {
    waiting += 1;
    try {
      if (waiting > mostWaiting) throw new Error(`${mostWaiting} messages wait for the store already.`);
      await patiently({ clock, signal }, () => keep(parsed));
    } finally {
      waiting -= 1;
      for (const correlation of correlationsIn(parsed)) await missed.ask(correlation);
    }
  }

  async function tell(notice: CallNotice): Promise<void> {
    if ('participant' in notice && driver.doFollow) {
      const following = patiently({ clock, signal }, () => missed.followCall(notice.call));
      background(following, { noticeId: notice.noticeId }, 'worker: nobody follows who joined or left a call');
    }
    if (notice.type === 'call.ended') {
      const ending = patiently({ clock, signal }, () => missed.endCall(notice.call));
      background(
        ending,
        { noticeId: notice.noticeId },
        'worker: the recordings of a call that is over were not asked about',
      );
    }
    await patiently(
      { clock, signal },
      () => within(clock, intervals.deliverMs, grace.signal, () => context.onNotice(notice, instance)),
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
      background(keepPatiently(parsed), { parts }, 'worker: a message is lost, and its parts are asked about');
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
      const asked = patiently({ clock, signal }, () => missed.askAll());
      background(asked, {}, 'worker: what happened before the connection was opened could not be asked for');
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

function correlationsIn({ reports, ask = [] }: Parsed): readonly string[] {
  const named = reports.flatMap(({ subject }) => ('correlation' in subject ? [subject.correlation] : []));
  return [...new Set([...named, ...ask])];
}
