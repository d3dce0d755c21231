import { timestamp } from '../clock.ts';
import { applyReports } from '../engine/route-reports.ts';
import type { Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import { observation } from './observation.ts';
import { outstandingFiles, transferAt, transferOf } from './transfer-journal.ts';
import type { WorkerContext } from './worker-options.ts';

/**
 * Says of files that their provider's copy is gone: its time has passed, or the provider has long denied to have it.
 * Nothing else would say so, and a file that nobody can bring would be tried for ever.
 */
export async function expireFiles(context: WorkerContext, sessionId: string): Promise<void> {
  const { store, clock, logger } = context;
  const record = await store.load(sessionId);
  if (!record) return;
  const gone = outstandingFiles(record).flatMap((file) => goneReport(context, record, file) ?? []);
  if (gone.length === 0) return;
  logger.error({ sessionId, files: gone.length }, 'worker: a file is gone before it could be archived');
  await applyReports(store, sessionId, gone, clock.now());
}

/** When it must be said that a file is gone, if it is not stored by then (epoch ms). */
export function expiryTimes(context: WorkerContext, record: SessionRecord): readonly number[] {
  return outstandingFiles(record).flatMap((file) => {
    const at = goneAt(context, record, file);
    return at === undefined || file.state === 'expired' ? [] : [Math.max(at, attemptEnd(record, file))];
  });
}

function goneReport(context: WorkerContext, record: SessionRecord, file: Artifact): Report | undefined {
  const nowMs = context.clock.now();
  const at = goneAt(context, record, file);
  if (at === undefined || file.state === 'expired' || nowMs <= Math.max(at, attemptEnd(record, file))) return undefined;
  const { mediaKey: key, source: uri, role } = file;
  if (role === 'derived') return undefined;
  const media = [{ key, uri, role, expiresAt: timestamp(at) }];
  return observation(record, file.partId, { what: ['expired', key, timestamp(at)], seen: { media }, nowMs });
}

/** When the provider's copy was, or will be, gone (epoch ms); undefined when nothing says so. */
function goneAt(context: WorkerContext, record: SessionRecord, file: Artifact): number | undefined {
  if (file.expiresAt !== undefined) return Date.parse(file.expiresAt);
  const transfer = transferOf(record, file.mediaKey);
  const endedAt = record.snapshot.parts.find(({ id }) => id === file.partId)?.endedAt;
  if (!transfer?.error?.startsWith('not-found:') || endedAt === undefined) return undefined;
  return Date.parse(endedAt) + context.intervals.lostAfterMs;
}

/** An attempt that is under way may still bring it. */
function attemptEnd(record: SessionRecord, file: Artifact): number {
  return transferOf(record, file.mediaKey)?.state === 'running' ? transferAt(record, file) : 0;
}
