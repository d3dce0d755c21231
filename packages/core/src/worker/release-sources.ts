import { timestamp } from '../clock.ts';
import { judge } from '../engine/judge.ts';
import { applyReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import type { Classification } from '../errors/codes.ts';
import { errorFields } from '../errors/index.ts';
import type { ReleaseReceipt } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import { observation } from './observation.ts';
import { accessOf } from './open-source.ts';
import { saidFinal } from './repair-policy.ts';
import type { WorkerContext } from './worker-options.ts';
import { isFinal, manifestTransfer, wantsManifest } from './write-manifest.ts';

/**
 * Deletes the sources of files that were moved: only once the copies are verified and the manifest that describes them
 * is stored, never under a hold, and again later where it fails.
 */
export async function releaseSources(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, intervals, pace } = context;
  const record = await store.load(sessionId);
  if (!record) return;
  for (const { file, key, waitMs } of releases(context, record)) {
    if (waitMs > 0) continue;
    let receipt: Omit<ReleaseReceipt, 'at'>;
    try {
      receipt = await within(clock, intervals.requestMs, signal, (cut) => release(context, record, file, cut));
      pace.succeeded(key);
    } catch (error) {
      if (signal.aborted) return;
      const judged = judgement(context, record, error);
      pace.failed(key, record.provider, judged);
      logger.warn(
        { err: errorFields(error), sessionId, artifactId: file.id },
        'worker: a source was not deleted, though it is archived',
      );
      if (judged.retry !== 'never') continue;
      receipt = { outcome: 'kept' };
    }
    const { mediaKey, source: uri, role } = file;
    const media = [{ key: mediaKey, uri, role, released: { ...receipt, at: timestamp(clock.now()) } }];
    const what = ['released', mediaKey];
    const report = observation(record, file.partId, { what, seen: { media }, nowMs: clock.now() });
    await applyReports(store, sessionId, [report], clock.now());
  }
}

/** Sources still to be deleted, and how long each has to wait. */
export function releases(
  { pace, intervals }: WorkerContext,
  record: SessionRecord,
): readonly { readonly file: Artifact; readonly key: string; readonly waitMs: number }[] {
  if (record.archive.mode !== 'move' || record.hold !== undefined) return [];
  if (!isFinal(record) || wantsManifest(record) || !manifestTransfer(record)) return [];
  return record.snapshot.artifacts.flatMap((file) => {
    const { role, state, source, location, released } = file;
    if (role === 'manifest' || state !== 'stored' || source === location || released) return [];
    // Against all expectation a file that breaks off may still be completed where it lies.
    if (file.problem !== undefined && !saidFinal(record, file)) return [];
    const key = `${record.id}/release/${file.mediaKey}`;
    return [{ file, key, waitMs: pace.wait(key, record.provider, intervals.steadyPollMs) }];
  });
}

async function release(
  context: WorkerContext,
  record: SessionRecord,
  file: Artifact,
  signal: AbortSignal,
): Promise<Omit<ReleaseReceipt, 'at'>> {
  const instance = context.instances[record.provider];
  const key = instance?.landing?.driver.keyOf(file.source);
  if (instance?.landing && key !== undefined) {
    await instance.landing.delete(key, { signal });
    return { outcome: 'deleted' };
  }
  const driver = instance?.driver;
  if (!driver?.doDeleteArtifact) return { outcome: 'kept' };
  const access = accessOf(record, file);
  const told = await driver.doDeleteArtifact(file, access ? { access } : {}, { signal, clock: context.clock });
  const requestId: unknown = told?.requestId;
  // A driver without types may return what its SDK answered; a record with a number here could not be read again.
  return { outcome: 'deleted', ...(typeof requestId === 'string' ? { requestId } : {}) };
}

function judgement(context: WorkerContext, record: SessionRecord, error: unknown): Classification {
  const driver = context.instances[record.provider]?.driver;
  return driver ? judge(driver, error) : { code: 'unknown', retry: 'never', blame: 'library' };
}
