import type { PartTarget, Report } from '@onrecord/core';
import { beginSides } from './begin-sides.ts';
import { readPipeline, sideOf } from './find-side.ts';
import { plannedKinds, plannedSides, type SideKind, type SidePlan, sideName } from './side-plan.ts';
import { sideState, stateFact, toldOf } from './side-state.ts';
import { inTime, type SideWork } from './side-work.ts';
import { streamReports } from './stream-sightings.ts';

/** Whether the meeting is over; undefined when nobody can tell. */
export type IsOver = () => Promise<boolean | undefined>;

/**
 * Looks after the side outputs of a part that records: tries again what could not be begun, tells what failed or ended
 * although nobody asked for it, and which streams there are. Never throws.
 */
export async function attendSides(part: PartTarget, work: SideWork, isOver: IsOver): Promise<readonly Report[]> {
  const plan = plannedSides(part);
  if (!plan) return [];
  const looks = plannedKinds(plan).map((kind) => look(part, plan, kind, work, isOver).catch(() => []));
  return [...(await beginSides(part, plan, work)), ...(await Promise.all(looks)).flat(), ...streamReports(part, work)];
}

async function look(
  part: PartTarget,
  plan: SidePlan,
  kind: SideKind,
  work: SideWork,
  isOver: IsOver,
): Promise<readonly Report[]> {
  const side = sideState(part, kind);
  const { pipelineId } = side;
  if (side.state !== 'running' || pipelineId === undefined) return [];
  const found = toldOf(part, pipelineId) ?? (await inTime(work, (signal) => standOf(work, kind, pipelineId, signal)));
  if (found === 'running') return [];
  // What was written into streams last is told a little later.
  const state = kind === 'streams' ? 'ending' : found;
  const facts = stateFact(kind, { ...side, state });
  const message = found === 'failed' ? failedMessage(pipelineId) : await endedMessage(plan, kind, isOver);
  const anomaly = message === undefined ? {} : { anomaly: { code: 'side-failed', message } as const };
  return [work.observe(`side/${kind}/${pipelineId}/${found}`, { facts, ...anomaly })];
}

/** The same in an event and when asked: it is one anomaly. */
export function failedMessage(pipelineId: string): string {
  return `A side output failed at the provider (pipeline ${pipelineId}).`;
}

async function endedMessage(plan: SidePlan, kind: SideKind, isOver: IsOver): Promise<string | undefined> {
  if ((await isOver()) !== false) return undefined;
  return `The ${sideName(plan, kind)} ended before its recording, and nobody here asked for it.`;
}

/** How a pipeline stands; one that the service knows no more is over. */
export async function standOf(
  { client }: SideWork,
  kind: SideKind,
  pipelineId: string,
  signal: AbortSignal,
): Promise<'running' | 'over' | 'failed'> {
  const pipeline = await readPipeline(client, pipelineId, signal);
  if (!pipeline) return 'over';
  const status = sideOf(pipeline, kind)?.Status;
  if (status === 'Failed') return 'failed';
  return status === 'Stopped' ? 'over' : 'running';
}
