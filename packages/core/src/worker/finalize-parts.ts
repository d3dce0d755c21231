import { learnKeys } from '../engine/add-reports.ts';
import { lastAccepted } from '../engine/ask-part.ts';
import { commit, providerIndex } from '../engine/commit.ts';
import { partTarget } from '../engine/driver-request.ts';
import { derivedId, digestOf, newId } from '../engine/ids.ts';
import { judge } from '../engine/judge.ts';
import { adoptParked, applyReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import { errorFields } from '../errors/index.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import { awaitedFileMs } from './intervals.ts';
import { observation } from './observation.ts';
import { listLanded, openLanded } from './open-source.ts';
import type { WorkerContext } from './worker-options.ts';

/** Has the drivers do what makes the files of ended parts appear. One part that fails keeps no other waiting. */
export async function finalizeParts(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, intervals, pace } = context;
  const record = await store.load(sessionId);
  const instance = record && context.instances[record.provider];
  const driver = instance?.driver;
  if (!record || !driver?.doFinalize) return;
  const finalize = driver.doFinalize.bind(driver);
  for (const { part, key, waitMs } of finalizations(context, record)) {
    if (waitMs > 0) continue;
    const step = {
      stepId: newId(),
      token: derivedId('finalize', sessionId, part.id),
      asOfOrdinal: lastAccepted(record, part.id),
    };
    try {
      const outcome = await within(clock, intervals.requestMs, signal, (cut) =>
        finalize(partTarget(record, part), step, {
          signal: cut,
          clock,
          openLanded: (uri, options) => openLanded([instance?.landing, context.archive], uri, options),
          listLanded: (prefix, options) => listLanded([instance?.landing, context.archive], prefix, options),
        }),
      );
      pace.succeeded(key);
      await learn(context, record, part.id, outcome.providerKeys ?? []);
      const finalized = part.facts?.['finalizeFor'] ?? true;
      // What was finished before may have to be again: that is not the same observation.
      const what = finalized === true ? ['facts'] : ['facts', digestOf(finalized), step.stepId];
      const done = { what, seen: { facts: { finalized } }, nowMs: clock.now() };
      const own = outcome.kind === 'done' ? [observation(record, part.id, done)] : [];
      await applyReports(store, sessionId, [...(outcome.reports ?? []), ...own], clock.now());
    } catch (error) {
      if (signal.aborted) return;
      pace.failed(key, record.provider, judge(driver, error));
      logger.warn({ err: errorFields(error), sessionId, partId: part.id }, 'worker: a part could not be finalized');
    }
  }
}

async function learn(
  { store, clock }: WorkerContext,
  record: SessionRecord,
  partId: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  await commit(store, record.id, (before) => learnKeys(before, partId, keys));
  const indexes = keys.map((key) => providerIndex(record.provider, key));
  await adoptParked(store, record.id, indexes, clock.now());
}

/** Ended parts that their driver has not finished, and how long each still has to wait. */
export function finalizations(
  context: WorkerContext,
  record: SessionRecord,
): readonly { readonly part: PartRecord; readonly key: string; readonly waitMs: number }[] {
  const { clock, intervals, pace } = context;
  if (!context.instances[record.provider]?.driver.doFinalize) return [];
  const isFinal = record.snapshot.state === 'completed' || record.snapshot.state === 'failed';
  return record.parts.flatMap((part) => {
    const snapshot = record.snapshot.parts.find(({ id }) => id === part.id);
    const isOver = snapshot?.state === 'ended' || (snapshot?.state === 'failed' && part.facts?.['unfinished'] === true);
    if (!isOver || part.handle === undefined || isFinalized(part)) return [];
    const since = Date.parse(snapshot.endedAt ?? part.createdAt);
    if (isFinal && clock.now() >= since + intervals.lostAfterMs) return [];
    // What became known since the last time is a reason to ask at once.
    const key = `${record.id}/${part.id}/finalize/${digestOf(part.facts ?? {})}`;
    const waitMs = pace.wait(key, record.provider, awaitedFileMs(intervals, since, clock.now()));
    return [{ part, key, waitMs }];
  });
}

/** Whether its driver has finished it. What became known while it was at it, or after it was done, is looked at again. */
export function isFinalized({ facts = {} }: PartRecord): boolean {
  return facts['finalized'] !== undefined && facts['finalized'] === (facts['finalizeFor'] ?? true);
}
