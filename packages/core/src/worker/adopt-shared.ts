import { timestamp } from '../clock.ts';
import type { PartTimes, RecordingDriver } from '../driver/driver.ts';
import { addReports, learnKeys } from '../engine/add-reports.ts';
import { commit, providerIndex } from '../engine/commit.ts';
import { partTarget } from '../engine/driver-request.ts';
import { newId } from '../engine/ids.ts';
import { sessionsOfCall } from '../recorder/call-sessions.ts';
import { correlationOf, type Report } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { ParkedReport } from '../session-store/session-store.ts';
import { awaitedFileMs } from './intervals.ts';
import type { WorkerContext } from './worker-options.ts';

/** How long a session stands in the list of those that share a key: longer than a recording and the wait for its file. */
const listedMs = 7 * 24 * 3_600_000;

type Matching = RecordingDriver & Required<Pick<RecordingDriver, 'sharedKeys' | 'isAbout'>>;

/** A part that waits for media, and how long it still has to wait for a look among what names only its call. */
export interface SharedLook {
  readonly part: PartRecord;
  readonly keys: readonly string[];
  readonly key: string;
  readonly waitMs: number;
}

/**
 * Takes over reports that name the call of a part and not the part, where they can be about nothing else: exactly one
 * recording fits the part, and the part is the only one that it fits. What leaves a choice is left parked, and told once.
 */
export async function adoptShared(context: WorkerContext, sessionId: string): Promise<void> {
  const { store, clock, pace } = context;
  const record = await store.load(sessionId);
  const driver = record && matchingDriver(context, record);
  if (!record || !driver) return;
  await list(context, record, driver);
  for (const { part, keys, key, waitMs } of sharedLooks(context, record)) {
    if (waitMs > 0) continue;
    const waiting = await store.unpark(
      keys.map((shared) => providerIndex(record.provider, shared)),
      timestamp(clock.now()),
    );
    pace.succeeded(key);
    const fitting = await unclaimed(context, record, waiting.filter(fits(driver, record, part)));
    const [first] = fitting;
    if (!first) continue;
    const recordings = new Set(fitting.map(({ report }) => exactKey(report)));
    const others = await rivals(context, record, part, { driver, keys, fitting });
    if (recordings.size === 1 && others.length === 0) await claim(context, record, part, fitting);
    else await tellOnce(context, first, { sessions: [...new Set([sessionId, ...others])], recordings });
  }
}

/** Parts that are over without media, or of which no message may come by any other name; never those that have their media. */
export function sharedLooks(context: WorkerContext, record: SessionRecord): readonly SharedLook[] {
  const { clock, intervals, pace } = context;
  const driver = matchingDriver(context, record);
  const { state: whole } = record.snapshot;
  if (!driver || whole === 'completed' || whole === 'failed') return [];
  return record.parts.flatMap((part) => {
    const times = timesOf(record, part);
    const state = record.snapshot.parts.find(({ id }) => id === part.id)?.state;
    if (!times || !awaits(record, part) || (state !== 'ended' && part.handle !== undefined)) return [];
    const keys = driver.sharedKeys(partTarget(record, part));
    if (keys.length === 0) return [];
    const key = `${record.id}/${part.id}/shared`;
    const intervalMs = awaitedFileMs(intervals, Date.parse(times.endedAt ?? times.sentAt), clock.now());
    return [{ part, keys, key, waitMs: pace.wait(key, `shared/${record.provider}`, intervalMs) }];
  });
}

function matchingDriver({ instances }: WorkerContext, record: SessionRecord): Matching | undefined {
  const driver = instances[record.provider]?.driver;
  return driver?.sharedKeys && driver.isAbout ? (driver as Matching) : undefined;
}

/** Whether a recording may exist of which no media was seen. */
function awaits(record: SessionRecord, part: PartRecord): boolean {
  if (record.snapshot.parts.find(({ id }) => id === part.id)?.state === 'failed') return false;
  const correlation = correlationOf(record.id, part.id);
  return !record.reports.some(
    ({ subject, seen }) =>
      'correlation' in subject &&
      subject.correlation === correlation &&
      seen.media?.some(({ role, side }) => role !== 'metadata' && role !== 'manifest' && role !== 'derived' && !side),
  );
}

/** Undefined while its start has not left: then nothing can be about it. */
function timesOf(record: SessionRecord, part: PartRecord): PartTimes | undefined {
  const start = record.commands.find(({ partId, sends }) => partId === part.id && sends === 'start');
  if (start?.firstSentAt === undefined) return undefined;
  const { startedAt, endedAt } = record.snapshot.parts.find(({ id }) => id === part.id) ?? {};
  // A recording that starts paused may count as begun when it is first resumed.
  const begunBy = record.startPaused && start.kind === 'start' ? endedAt : (startedAt ?? start.acceptedAt ?? endedAt);
  return {
    sentAt: start.firstSentAt,
    ...(begunBy === undefined ? {} : { begunBy }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

function fits(driver: Matching, record: SessionRecord, part: PartRecord): (waiting: ParkedReport) => boolean {
  const times = timesOf(record, part);
  return ({ report }) =>
    times !== undefined && exactKey(report) !== undefined && driver.isAbout(partTarget(record, part), times, report);
}

/** The key that names its recording alone. */
function exactKey({ subject }: Report): string | undefined {
  return 'providerKey' in subject && subject.sharedKey !== undefined ? subject.providerKey : undefined;
}

/** Without those of a recording that another session has: they are still parked only because a process died. */
async function unclaimed(
  { store }: WorkerContext,
  record: SessionRecord,
  fitting: readonly ParkedReport[],
): Promise<readonly ParkedReport[]> {
  const open: ParkedReport[] = [];
  for (const waiting of fitting) {
    const holder = await store.findByKey(providerIndex(record.provider, exactKey(waiting.report) ?? ''));
    if (!holder || holder.id === record.id) open.push(waiting);
  }
  return open;
}

interface Choice {
  readonly driver: Matching;
  readonly keys: readonly string[];
  readonly fitting: readonly ParkedReport[];
}

/** Ids of the sessions that have another part which one of the reports fits. */
async function rivals(
  context: WorkerContext,
  record: SessionRecord,
  part: PartRecord,
  { driver, keys, fitting }: Choice,
): Promise<readonly string[]> {
  const sessions = new Map([[record.id, record]]);
  for (const other of await sessionsOfCall(context.store, record.tenant, part.call)) sessions.set(other.id, other);
  for (const shared of keys) for (const id of await listed(context, record, shared)) await add(id);
  return [...sessions.values()]
    .filter((other) => other.provider === record.provider && other.parts.some((rival) => isRival(other, rival)))
    .map(({ id }) => id);

  async function add(id: string): Promise<void> {
    const other = sessions.has(id) ? undefined : await context.store.load(id);
    if (other) sessions.set(id, other);
  }

  function isRival(other: SessionRecord, rival: PartRecord): boolean {
    if (other.id === record.id && rival.id === part.id) return false;
    return awaits(other, rival) && fitting.some(fits(driver, other, rival));
  }
}

/** Writes down that this session shares its keys, so that whoever shares one finds it, whatever it calls the call. */
async function list({ store, clock, pace }: WorkerContext, record: SessionRecord, driver: Matching): Promise<void> {
  const keys = new Set(record.parts.flatMap((part) => driver.sharedKeys(partTarget(record, part))));
  for (const shared of keys) {
    const key = `${record.id}/listed/${shared}`;
    if (pace.isAnswered(key)) continue;
    const expiresAt = timestamp(clock.now() + listedMs);
    for (let place = 1; ; place++) {
      if ((await store.remember(nameOf(record, shared, place), record.id, expiresAt)) === record.id) break;
    }
    pace.succeeded(key);
  }
}

async function listed({ store }: WorkerContext, record: SessionRecord, shared: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (;;) {
    const id = await store.recall(nameOf(record, shared, ids.length + 1));
    if (typeof id !== 'string') return ids;
    ids.push(id);
  }
}

function nameOf({ provider }: SessionRecord, shared: string, place: number): string {
  return `shared/${providerIndex(provider, shared)}#${place}`;
}

/**
 * The part takes the key that names its recording, and the reports with it, in one step: of two sessions one at most gets
 * it, and whatever else comes by that key finds its session at once.
 */
async function claim(
  { store, clock, logger }: WorkerContext,
  record: SessionRecord,
  { id }: PartRecord,
  fitting: readonly ParkedReport[],
): Promise<void> {
  const reports = fitting.map(({ report }) => report);
  const keys = reports.flatMap((report) => exactKey(report) ?? []);
  let claimed = false;
  await commit(store, record.id, (before) => {
    claimed = false;
    const part = before.parts.find((own) => own.id === id);
    if (!part || !awaits(before, part)) return undefined;
    claimed = true;
    const named = learnKeys(before, id, keys);
    const change = addReports(named.record, reports, clock.now());
    return { record: change.record, addKeys: [...named.addKeys, ...change.addKeys] };
  });
  if (!claimed) return;
  const taken = reports.map(({ reportId }) => reportId);
  await store.unpark([...new Set(fitting.map(({ key }) => key))], timestamp(clock.now()), taken);
  logger.info({ sessionId: record.id, partId: id, reports: taken }, 'worker: a file was matched by its call and time');
}

async function tellOnce(
  { store, clock, logger }: WorkerContext,
  { report, expiresAt }: ParkedReport,
  {
    sessions,
    recordings,
  }: { readonly sessions: readonly string[]; readonly recordings: ReadonlySet<string | undefined> },
): Promise<void> {
  const mine = newId();
  const until = timestamp(Math.max(Date.parse(expiresAt), clock.now()));
  if ((await store.remember(`ambiguous/${report.reportId}`, mine, until)) !== mine) return;
  const fields = { sessions, reportId: report.reportId, recordings: recordings.size };
  logger.error(
    fields,
    'worker: a file that names only its call may belong to several recordings, and is given to none',
  );
}
