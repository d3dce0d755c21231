import { timestamp } from '../clock.ts';
import { commit } from '../engine/commit.ts';
import { refold } from '../engine/refold.ts';
import { applyReports } from '../engine/route-reports.ts';
import type { Expectation } from '../ledger/expectation.ts';
import type { Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { PartSnapshot } from '../session/snapshot.ts';
import { finalizations } from './finalize-parts.ts';
import { observation } from './observation.ts';
import { probes } from './probe-landing.ts';
import type { WorkerContext } from './worker-options.ts';

/** Past its time an expected file is missing; denied by everybody for long enough it is lost. Both are said aloud. */
export async function judgeAbsence(context: WorkerContext, sessionId: string): Promise<void> {
  const { clock, intervals, logger, store } = context;
  let missed: readonly string[] = [];
  const record = await commit(store, sessionId, (before) => {
    missed = [];
    const expectations = before.expectations.map((expectation) => {
      const since = absentSince(before, expectation);
      if (since === undefined) return expectation;
      const dated = { ...expectation, by: expectation.by ?? timestamp(since + intervals.missingAfterMs) };
      if (clock.now() < Date.parse(dated.by) || dated.missingSince !== undefined) {
        return expectation.by === undefined ? dated : expectation;
      }
      missed = [...missed, expectation.partId];
      return { ...dated, missingSince: timestamp(clock.now()) };
    });
    if (expectations.every((expectation, index) => expectation === before.expectations[index])) return undefined;
    return missed.length === 0 ? { ...before, expectations } : refold({ ...before, expectations }, before, clock.now());
  });
  if (missed.length > 0) logger.error({ sessionId, parts: missed }, 'worker: a recording is missing');
  const lost = lostParts(context, record);
  if (lost.length > 0) await applyReports(store, sessionId, lost, clock.now());
}

/** When something must be judged next (epoch ms). */
export function absenceTimes(context: WorkerContext, record: SessionRecord): readonly number[] {
  const { intervals, clock } = context;
  if (isFinal(record)) return [];
  const files = record.expectations.flatMap((expectation) => {
    const since = absentSince(record, expectation);
    if (since === undefined) return [];
    if (expectation.by === undefined) return [clock.now()];
    return expectation.missingSince === undefined ? [Date.parse(expectation.by)] : [since + intervals.lostAfterMs];
  });
  const silent = record.snapshot.parts.flatMap((part) => silentSince(record, part) ?? []);
  // What is not denied by everybody is judged again whenever somebody is asked.
  return [...files, ...silent.map((since) => since + intervals.lostAfterMs)].filter((time) => time >= clock.now());
}

/** Since when a file is due of which there is no trace (epoch ms); undefined when there is one, or none is expected. */
function absentSince(record: SessionRecord, { partId, state }: Expectation): number | undefined {
  const part = record.snapshot.parts.find(({ id }) => id === partId);
  if (state !== 'expected' || part?.state !== 'ended' || part.endedAt === undefined) return undefined;
  const there = record.snapshot.artifacts.some(
    (artifact) =>
      artifact.partId === partId &&
      !artifact.side &&
      artifact.role !== 'metadata' &&
      artifact.role !== 'manifest' &&
      artifact.role !== 'derived' &&
      artifact.state !== 'pending' &&
      artifact.state !== 'missing',
  );
  return there ? undefined : Date.parse(part.endedAt);
}

function lostParts(context: WorkerContext, record: SessionRecord): readonly Report[] {
  const nowMs = context.clock.now();
  if (isFinal(record)) return [];
  const { lostAfterMs } = context.intervals;
  return record.snapshot.parts.flatMap((part) => {
    const expectation = record.expectations.find(({ partId }) => partId === part.id);
    const absent = expectation?.missingSince === undefined ? undefined : absentSince(record, expectation);
    const since = absent ?? silentSince(record, part);
    if (since === undefined || nowMs < since + lostAfterMs) return [];
    if (absent !== undefined && !isDenied(context, record, part.id)) return [];
    return [
      observation(record, part.id, {
        what: ['ended', 'endReason'],
        seen: { ended: true, endReason: 'lost' },
        nowMs,
      }),
    ];
  });
}

/** Since when a start is unanswered that was given up, and of which nobody ever heard (epoch ms). */
function silentSince(record: SessionRecord, part: PartSnapshot): number | undefined {
  if (part.state === 'ended' || part.state === 'failed' || part.capturing !== undefined) return undefined;
  const start = record.commands.find(({ partId, sends }) => partId === part.id && sends === 'start');
  return start?.timedOutAt === undefined ? undefined : Date.parse(start.recordedAt);
}

/** Whether everybody who could know of a file was asked, answered, and has none. */
function isDenied(context: WorkerContext, record: SessionRecord, partId: string): boolean {
  const open = finalizations(context, record).find(({ part }) => part.id === partId);
  if (open && !context.pace.isAnswered(open.key)) return false;
  // Where no place is known the provider keeps the file itself, and its time there has passed by now.
  const places = probes(context, record).filter(({ part }) => part.id === partId);
  return places.every(({ storage, key }) => storage !== undefined && context.pace.isAnswered(key));
}

function isFinal({ snapshot: { state } }: SessionRecord): boolean {
  return state === 'completed' || state === 'failed';
}
