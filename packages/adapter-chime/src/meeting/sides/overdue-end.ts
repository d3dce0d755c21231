import type { PartTarget, Report } from '@onrecord/core';
import { sessionTag } from '../capture/tags.ts';
import { standOf } from './attend-sides.ts';
import { type SideKind, type SidePlan, sideName } from './side-plan.ts';
import { type SideState, stateFact, toldOf } from './side-state.ts';
import { inTime, type SideWork } from './side-work.ts';

/** Minutes for which a side output cannot be ended before that is told; it is tried on after that. */
const tellAfterMinutes = 5;

/**
 * What becomes of a side output that could not be ended this time, and perhaps can the next: after some minutes it is an
 * anomaly, once, for what goes on live is seen by others. Never throws.
 */
export async function endLater(
  part: PartTarget,
  { plan, kind, side, reason }: { plan: SidePlan; kind: SideKind; side: SideState; reason: string },
  work: SideWork,
): Promise<readonly Report[]> {
  const now = work.clock.now();
  const { pipelineId, endAskedAt } = side;
  if (endAskedAt === undefined) {
    const facts = stateFact(kind, { ...side, endAskedAt: now });
    return [work.observe(`side/${kind}/end-asked`, { facts })];
  }
  if (side.toldLate === true || now - endAskedAt < tellAfterMinutes * 60_000) return [];
  const stand = pipelineId === undefined ? undefined : await standNow(part, kind, pipelineId, work);
  if (stand === 'over' || stand === 'failed') {
    const state = kind === 'streams' ? 'ending' : 'over';
    return [work.observe(`side/${kind}/${state}`, { facts: stateFact(kind, { ...side, state }) })];
  }
  const runs = stand === 'running' ? 'still runs' : 'may still run';
  const which = pipelineId ?? `that has the tag ${sessionTag} = ${part.sessionId}`;
  const message = [
    `The ${sideName(plan, kind)} ${runs}: for ${tellAfterMinutes} minutes it could not be ended (${reason}).`,
    `This is tried on; to end it yourself: DeleteMediaPipeline of pipeline ${which}.`,
  ].join(' ');
  const facts = stateFact(kind, { ...side, toldLate: true });
  return [work.observe(`side/${kind}/still-runs`, { facts, anomaly: { code: 'side-failed', message } })];
}

/** Undefined when nobody can tell. */
async function standNow(
  part: PartTarget,
  kind: SideKind,
  pipelineId: string,
  work: SideWork,
): Promise<'running' | 'over' | 'failed' | undefined> {
  const told = toldOf(part, pipelineId);
  return told ?? (await inTime(work, (signal) => standOf(work, kind, pipelineId, signal)).catch(() => undefined));
}
