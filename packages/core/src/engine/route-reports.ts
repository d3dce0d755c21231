import { timestamp } from '../clock.ts';
import { parseCorrelation, type Report } from '../report/report.ts';
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
  let parked = 0;
  for (const report of reports) {
    const key = indexKeyOf(instance, report);
    const sessionId =
      'correlation' in report.subject
        ? await knownSession(store, report.subject.correlation)
        : (await store.findByKey(key))?.id;
    if (sessionId === undefined) {
      await store.park({ key, report, expiresAt: timestamp(nowMs + parkedForMs) });
      parked += 1;
      // The key may have appeared between the look-up and the parking.
      const late = 'providerKey' in report.subject ? (await store.findByKey(key))?.id : undefined;
      if (late) await adoptParked(store, late, [key], nowMs);
      continue;
    }
    bySession.set(sessionId, [...(bySession.get(sessionId) ?? []), report]);
  }
  for (const [sessionId, own] of bySession) await applyReports(store, sessionId, own, nowMs);
  return { sessionIds: [...bySession.keys()], parked };
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

/** Moves parked reports into the session whose keys have become known. */
export async function adoptParked(
  store: SessionStore,
  sessionId: string,
  keys: readonly string[],
  nowMs: number,
): Promise<void> {
  if (keys.length === 0) return;
  const waiting = await store.unpark(keys, timestamp(nowMs));
  if (waiting.length === 0) return;
  await applyReports(
    store,
    sessionId,
    waiting.map(({ report }) => report),
    nowMs,
  );
}

function indexKeyOf(instance: string, report: Report): string {
  return 'correlation' in report.subject
    ? `correlation/${report.subject.correlation}`
    : providerIndex(instance, report.subject.providerKey);
}

async function knownSession(store: SessionStore, correlation: string): Promise<string | undefined> {
  const named = parseCorrelation(correlation);
  return named && (await store.load(named.sessionId)) ? named.sessionId : undefined;
}
