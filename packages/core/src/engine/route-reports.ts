import { timestamp } from '../clock.ts';
import { correlationOf, parseCorrelation, type Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { addReports } from './add-reports.ts';
import { commit, providerIndex } from './commit.ts';

/** How long a report without a session waits for one. */
const parkedForMs = 24 * 3_600_000;

/** What became of a batch: which sessions it changed, and how many reports wait for a session to turn up. */
export interface Routed {
  readonly sessionIds: readonly string[];
  readonly parked: number;
}

/**
 * Brings reports to their sessions, durably, or parks them: events overtake the answers that carry their keys.
 * Resolves only after the last write.
 */
export async function routeReports(
  store: SessionStore,
  instance: string,
  reports: readonly Report[],
  nowMs: number,
): Promise<Routed> {
  const bySession = new Map<string, Report[]>();
  const touched = new Set<string>();
  const failures: unknown[] = [];
  let parked = 0;
  for (const report of reports) {
    const key = indexKeyOf(instance, report);
    const sessionId = await sessionOf(store, report, key);
    if (sessionId === undefined) {
      const shared = sharedIndexOf(instance, report);
      await store.park({ key: shared ?? key, report, expiresAt: timestamp(nowMs + parkedForMs) });
      parked += 1;
      // Key or session may have appeared between the look-up and the parking.
      const late = await sessionOf(store, report, key);
      if (late === undefined) continue;
      touched.add(late);
      if (shared === undefined) await adoptParked(store, late, [key], nowMs);
      else {
        // Under a shared key others wait for other sessions.
        await applyReports(store, late, [report], nowMs);
        await store.unpark([shared], timestamp(nowMs), [report.reportId]);
      }
      continue;
    }
    bySession.set(sessionId, [...(bySession.get(sessionId) ?? []), report]);
  }
  // What one session cannot take is no reason to keep reports from the others.
  for (const [sessionId, own] of bySession) {
    touched.add(sessionId);
    await applyReports(store, sessionId, own, nowMs).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return { sessionIds: [...touched], parked };
}

/** Adds reports to one session and takes in what was parked under the keys they brought. */
export async function applyReports(
  store: SessionStore,
  sessionId: string,
  reports: readonly Report[],
  nowMs: number,
): Promise<void> {
  let keys: readonly string[] = [];
  const record = await commit(store, sessionId, (before) => {
    const change = addReports(before, reports, nowMs);
    keys = change.addKeys;
    return change;
  });
  await adoptParked(
    store,
    sessionId,
    keys.map((key) => providerIndex(record.provider, key)),
    nowMs,
  );
}

/**
 * Moves parked reports into the session whose keys have become known. Each stays parked until the session is saved with
 * it: what a process leaves half done the next one does again, and a report that comes twice counts once.
 */
export async function adoptParked(
  store: SessionStore,
  sessionId: string,
  keys: readonly string[],
  nowMs: number,
): Promise<void> {
  if (keys.length === 0) return;
  let taken: readonly string[] = [];
  for (;;) {
    const waiting = (await store.unpark(keys, timestamp(nowMs), taken)).map(({ report }) => report);
    if (waiting.length === 0) return;
    await applyReports(store, sessionId, waiting, nowMs);
    taken = waiting.map(({ reportId }) => reportId);
  }
}

/** The keys under which reports wait that name a part of this session by its correlation. */
export function correlationIndexes(record: SessionRecord): readonly string[] {
  return record.parts.map(({ id }) => correlationIndex(correlationOf(record.id, id)));
}

function correlationIndex(correlation: string): string {
  return `correlation/${correlation}`;
}

function indexKeyOf(instance: string, report: Report): string {
  return 'correlation' in report.subject
    ? correlationIndex(report.subject.correlation)
    : providerIndex(instance, report.subject.providerKey);
}

function sharedIndexOf(instance: string, { subject }: Report): string | undefined {
  return 'providerKey' in subject && subject.sharedKey !== undefined
    ? providerIndex(instance, subject.sharedKey)
    : undefined;
}

async function sessionOf(store: SessionStore, { subject }: Report, key: string): Promise<string | undefined> {
  if ('providerKey' in subject) return (await store.findByKey(key))?.id;
  const named = parseCorrelation(subject.correlation);
  return named && (await store.load(named.sessionId)) ? named.sessionId : undefined;
}
