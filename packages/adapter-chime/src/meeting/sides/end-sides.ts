import { DeleteMediaPipelineCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { PartTarget, Report } from '@onrecord/core';
import { standOf } from './attend-sides.ts';
import { findSide } from './find-side.ts';
import { endLater } from './overdue-end.ts';
import { plannedKinds, plannedSides, type SideKind, type SidePlan, sideName } from './side-plan.ts';
import { sideState, stateFact, toldOf } from './side-state.ts';
import { inTime, type SideWork, troubleOf } from './side-work.ts';
import { openStreams, streamReports } from './stream-sightings.ts';

/** How long the events that end streams are waited for, once their pipeline is over. */
const lastEventsMs = 60_000;

/**
 * Ends the side outputs of a part: a pipeline that nobody stops goes on until its meeting ends. Never throws; what cannot
 * be ended now is left as it is, for the next time.
 */
export async function endSides(part: PartTarget, work: SideWork): Promise<readonly Report[]> {
  const plan = plannedSides(part);
  const ended = plannedKinds(plan).map((kind) => (plan ? endSide(part, plan, kind, work) : []));
  return (await Promise.all(ended)).flat();
}

/** After the end of a part: `done` once nothing is left to be ended or told of its side outputs. Never throws. */
export async function finishSides(
  part: PartTarget,
  work: SideWork,
): Promise<{ readonly reports: readonly Report[]; readonly done: boolean }> {
  const ended = await endSides(part, work);
  const now = withReports(part, ended);
  const streams = plannedSides(part)?.streams ? await finishStreams(now, work) : [];
  const finished = withReports(now, streams);
  const states = plannedKinds(plannedSides(part)).map((kind) => sideState(finished, kind).state);
  const done = states.every((state) => state === 'over' || state === 'failed');
  return { reports: [...ended, ...streams, ...streamReports(finished, work)], done };
}

async function endSide(part: PartTarget, plan: SidePlan, kind: SideKind, work: SideWork): Promise<readonly Report[]> {
  const side = sideState(part, kind);
  if (side.state !== 'waiting' && side.state !== 'running') return [];
  let { pipelineId } = side;
  try {
    await inTime(work, async (signal) => {
      // An attempt whose answer was lost may have begun it.
      pipelineId ??= (await findSide(work.client, part, kind, signal))?.MediaPipelineId;
      if (pipelineId !== undefined) await stop(pipelineId, work, signal);
    });
    const state = kind === 'streams' && pipelineId !== undefined ? 'ending' : 'over';
    const { nextAt: _, ...rest } = side;
    return [work.observe(`side/${kind}/${state}`, { facts: stateFact(kind, { ...rest, pipelineId, state }) })];
  } catch (error) {
    const { reason, again } = troubleOf(error, work.config.live[plan.live ?? '']?.url);
    if (work.signal.aborted) return [];
    if (again) return endLater(part, { plan, kind, side: { ...side, pipelineId }, reason }, work);
    const message = `The ${sideName(plan, kind)} could not be ended: ${reason}`;
    const facts = stateFact(kind, { ...side, state: 'failed' });
    return [work.observe(`side/${kind}/not-ended`, { facts, anomaly: { code: 'side-failed', message } })];
  }
}

async function stop(MediaPipelineId: string, { client }: SideWork, signal: AbortSignal): Promise<void> {
  try {
    await client.send(new DeleteMediaPipelineCommand({ MediaPipelineId }), { abortSignal: signal });
  } catch (error) {
    if (!isOverAlready(error)) throw error;
  }
}

/** 404: gone; 409: it stops, or has stopped. */
function isOverAlready(error: unknown): boolean {
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | null)?.$metadata;
  return status?.httpStatusCode === 404 || status?.httpStatusCode === 409;
}

async function finishStreams(part: PartTarget, work: SideWork): Promise<readonly Report[]> {
  const side = sideState(part, 'streams');
  const { pipelineId, overAt } = side;
  if (side.state !== 'ending' || pipelineId === undefined) return [];
  const told = toldOf(part, pipelineId);
  const stand =
    told ??
    (overAt !== undefined ? 'over' : undefined) ??
    (await inTime(work, (signal) => standOf(work, 'streams', pipelineId, signal)).catch(() => 'running' as const));
  if (stand === 'running') return [];
  const now = work.clock.now();
  const waited = overAt !== undefined && now - overAt >= lastEventsMs;
  if (openStreams(part) === 0 || waited) {
    return [work.observe('side/streams/over', { facts: stateFact('streams', { ...side, state: 'over' }) })];
  }
  if (overAt !== undefined) return [];
  return [work.observe('side/streams/over-at', { facts: stateFact('streams', { ...side, overAt: now }) })];
}

/** A part as it will be once these reports are in its record. */
function withReports<Part extends PartTarget>(part: Part, reports: readonly Report[]): Part {
  const facts = Object.assign({}, part.facts, ...reports.map(({ seen }) => seen.facts ?? {})) as Part['facts'];
  return { ...part, facts };
}
