import { expiringFiles, warningFact } from '../engine/expiring-files.ts';
import { applyReports } from '../engine/route-reports.ts';
import type { SessionRecord } from '../session/record.ts';
import { observation } from './observation.ts';
import type { WorkerContext } from './worker-options.ts';

/**
 * Says of files that only their provider has when their time runs out: at each of the `expiringMs` before it, once. What
 * was said stands in the record, so a worker that takes over says nothing twice. Also where nobody was asked to archive
 * them: then it is the application that has to fetch them.
 */
export async function warnExpiring(context: WorkerContext, sessionId: string): Promise<void> {
  const { store, clock, intervals } = context;
  const record = await store.load(sessionId);
  if (!record) return;
  const nowMs = clock.now();
  const warnings = expiringFiles(record).flatMap(({ file, expiresMs, warnedMs }) => {
    const beforeMs = Math.min(...intervals.expiringMs.filter((each) => nowMs >= expiresMs - each));
    if (nowMs >= expiresMs || beforeMs >= warnedMs) return [];
    const fact = warningFact(file);
    const seen = { facts: { [fact]: beforeMs } };
    return [observation(record, file.partId, { what: [fact, String(beforeMs)], seen, nowMs })];
  });
  if (warnings.length > 0) await applyReports(store, sessionId, warnings, nowMs);
}

/** When the next warning is due (epoch ms), of each file that has one to come. */
export function warningTimes({ clock, intervals }: WorkerContext, record: SessionRecord): readonly number[] {
  return expiringFiles(record).flatMap(({ expiresMs, warnedMs }) => {
    const nextMs = Math.max(...intervals.expiringMs.filter((each) => each < warnedMs));
    return clock.now() >= expiresMs || !Number.isFinite(nextMs) ? [] : [expiresMs - nextMs];
  });
}
