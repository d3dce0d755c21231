import { partTarget } from '../engine/driver-request.ts';
import { newId } from '../engine/ids.ts';
import { judge } from '../engine/judge.ts';
import { applyReports } from '../engine/route-reports.ts';
import { within } from '../engine/within.ts';
import { errorFields } from '../errors/index.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import { openCommands } from './command-deadlines.ts';
import { awaitedMs } from './intervals.ts';
import type { WorkerContext } from './worker-options.ts';

/** Asks the provider how the parts are that may still change, each at its own pace. */
export async function pollProvider(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, intervals, pace } = context;
  const record = await store.load(sessionId);
  const driver = record && context.instances[record.provider]?.driver;
  if (!record || !driver) return;
  for (const { part, key, waitMs } of polls(context, record)) {
    if (waitMs > 0) continue;
    const poll = { pollId: newId(), asOfOrdinal: lastAccepted(record, part.id) };
    try {
      const reports = await within(
        clock,
        intervals.requestMs,
        signal,
        async (cut) => (await driver.doStatus?.(partTarget(record, part), poll, { signal: cut, clock })) ?? [],
      );
      pace.succeeded(key);
      await applyReports(store, sessionId, reports, clock.now());
    } catch (error) {
      if (signal.aborted) return;
      pace.failed(key, record.provider, judge(driver, error));
      logger.warn({ err: errorFields(error), sessionId, partId: part.id }, 'worker: the provider could not be asked');
    }
  }
}

/** The parts to ask about, and how long each still has to wait. */
export function polls(
  context: WorkerContext,
  record: SessionRecord,
): readonly { readonly part: PartRecord; readonly key: string; readonly waitMs: number }[] {
  const driver = context.instances[record.provider]?.driver;
  if (!driver?.doStatus || !driver.capabilities.status) return [];
  return pollable(record).map((part) => {
    const key = `${record.id}/${part.id}/status`;
    return { part, key, waitMs: context.pace.wait(key, record.provider, intervalOf(context, record, part)) };
  });
}

/** Often while something is to be proven, and now and then while a recording just runs. */
function intervalOf({ clock, intervals }: WorkerContext, record: SessionRecord, part: PartRecord): number {
  const open = openCommands(record).findLast(({ partId }) => partId === part.id);
  return open ? awaitedMs(intervals, Date.parse(open.recordedAt), clock.now()) : intervals.steadyPollMs;
}

/** Parts that may still change, and the last part of a pause by segments: its call may end meanwhile. */
function pollable(record: SessionRecord): readonly PartRecord[] {
  const last = record.parts.at(-1);
  return record.parts.filter((part) => {
    if (part.handle === undefined) return false;
    const state = record.snapshot.parts.find(({ id }) => id === part.id)?.state;
    if (state === 'ended' || state === 'failed') return part === last && record.snapshot.state === 'paused';
    return true;
  });
}

/** The last command that the provider had taken when a request leaves: what it shows cannot be older. */
export function lastAccepted(record: SessionRecord, partId: string): number {
  const ordinals = record.commands.flatMap((command) =>
    command.partId === partId && command.acceptedAt !== undefined ? [command.ordinal] : [],
  );
  return Math.max(0, ...ordinals);
}
