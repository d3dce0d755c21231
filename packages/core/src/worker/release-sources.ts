import { judge } from '../engine/judge.ts';
import { applyReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import type { Classification } from '../errors/codes.ts';
import { errorFields } from '../errors/index.ts';
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
    let done: boolean;
    try {
      done = await within(clock, intervals.requestMs, signal, (cut) => release(context, record, file, cut));
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
      done = false;
    }
    const seen = { facts: { [factOf(file)]: done } };
    const report = observation(record, file.partId, { what: [factOf(file)], seen, nowMs: clock.now() });
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
    const { role, state, source, location, partId } = file;
    if (role === 'manifest' || state !== 'stored' || source === location) return [];
    // Against all expectation a file that breaks off may still be completed where it lies.
    if (file.problem !== undefined && !saidFinal(record, file)) return [];
    const facts = record.parts.find(({ id }) => id === partId)?.facts;
    if (facts?.[factOf(file)] !== undefined) return [];
    const key = `${record.id}/release/${file.mediaKey}`;
    return [{ file, key, waitMs: pace.wait(key, record.provider, intervals.steadyPollMs) }];
  });
}

function factOf({ mediaKey }: Artifact): string {
  return `released/${mediaKey}`;
}

/** Whether there was somebody to ask. */
async function release(
  context: WorkerContext,
  record: SessionRecord,
  file: Artifact,
  signal: AbortSignal,
): Promise<boolean> {
  const instance = context.instances[record.provider];
  const key = instance?.landing?.driver.keyOf(file.source);
  if (instance?.landing && key !== undefined) {
    await instance.landing.delete(key, { signal });
    return true;
  }
  const driver = instance?.driver;
  if (!driver?.doDeleteArtifact) return false;
  const access = accessOf(record, file);
  await driver.doDeleteArtifact(file, access ? { access } : {}, { signal, clock: context.clock });
  return true;
}

function judgement(context: WorkerContext, record: SessionRecord, error: unknown): Classification {
  const driver = context.instances[record.provider]?.driver;
  return driver ? judge(driver, error) : { code: 'unknown', retry: 'never', blame: 'library' };
}
