import type { PartTarget, Report } from '@onrecord/core';
import { createSide } from './create-side.ts';
import { plannedKinds, type SideKind, type SidePlan, sideName } from './side-plan.ts';
import { sideKey, sideState, stateFact } from './side-state.ts';
import { inTime, type SideWork, troubleOf } from './side-work.ts';

/** A side output that cannot be begun is given up after so many attempts: about a minute and a half. */
const maxAttempts = 7;
const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

/**
 * Begins the side outputs that are planned and not begun, each on its own. Never throws: what fails is tried again, and
 * is an anomaly of the recording in the end, which goes on.
 */
export async function beginSides(part: PartTarget, plan: SidePlan, work: SideWork): Promise<readonly Report[]> {
  const begun = plannedKinds(plan).map((kind) => beginSide(part, plan, kind, work));
  return (await Promise.all(begun)).flat();
}

async function beginSide(part: PartTarget, plan: SidePlan, kind: SideKind, work: SideWork): Promise<readonly Report[]> {
  const { state, attempts: earlier, nextAt = 0 } = sideState(part, kind);
  const now = work.clock.now();
  if (state !== 'waiting' || now < nextAt) return [];
  const attempts = earlier + 1;
  const name = `side/${kind}/${attempts}`;
  try {
    const { pipelineId, retentionHours } = await inTime(work, (signal) => createSide(part, plan, kind, work, signal));
    const facts = stateFact(kind, { state: 'running', pipelineId, attempts, retentionHours });
    return [work.observe(name, { facts, providerKeys: [sideKey(pipelineId)] })];
  } catch (error) {
    // Whoever comes next tries the same again.
    if (work.signal.aborted) return [];
    const { reason, again } = troubleOf(error, work.config.live[plan.live ?? '']?.url);
    if (again && attempts < maxAttempts) {
      const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** earlier);
      return [work.observe(name, { facts: stateFact(kind, { state: 'waiting', attempts, nextAt: now + wait }) })];
    }
    const message = `The ${sideName(plan, kind)} could not be begun: ${reason}`;
    const facts = stateFact(kind, { state: 'failed', attempts });
    return [work.observe(name, { facts, anomaly: { code: 'side-failed', message } })];
  }
}
