import { type Asking, askable, askPart, canBeAsked } from '../engine/ask-part.ts';
import { judge } from '../engine/judge.ts';
import { errorFields, OnRecordError } from '../errors/index.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import { openCommands } from './command-deadlines.ts';
import { awaitedMs } from './intervals.ts';
import type { WorkerContext } from './worker-options.ts';

/** Asks the provider how the parts are that may still change, each at its own pace. */
export async function pollProvider(context: WorkerContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const record = await context.store.load(sessionId);
  if (!record) return;
  for (const { part, waitMs } of polls(context, record)) {
    if (waitMs === 0) await pollPart(context, record, part, signal);
  }
}

/** Asks about one part now, whatever its pace; a failure is logged, and slows the pace down. */
export async function pollPart(
  context: WorkerContext,
  record: SessionRecord,
  part: PartRecord,
  signal: AbortSignal,
): Promise<void> {
  const { logger, pace } = context;
  const asking = askingOf(context, record.provider);
  if (!asking) return;
  const key = keyOf(record, part);
  try {
    await askPart(asking, { record, part }, signal);
    pace.succeeded(key);
  } catch (error) {
    if (signal.aborted) return;
    const judged = judge(asking.driver, error);
    pace.failed(key, record.provider, judged);
    const told = OnRecordError.wrap(error, judged, { operation: 'status', provider: record.provider });
    const fields = { err: errorFields(told), sessionId: record.id, partId: part.id };
    logger.warn(fields, 'worker: the provider could not be asked');
  }
}

/** What it takes to ask an instance; undefined when it is not configured here. */
export function askingOf({ store, clock, intervals, instances }: WorkerContext, instance: string): Asking | undefined {
  const driver = instances[instance]?.driver;
  return driver && { store, clock, instance, driver, requestMs: intervals.requestMs };
}

function keyOf(record: SessionRecord, part: PartRecord): string {
  return `${record.id}/${part.id}/status`;
}

/** The parts to ask about, and how long each still has to wait. */
export function polls(
  context: WorkerContext,
  record: SessionRecord,
): readonly { readonly part: PartRecord; readonly waitMs: number }[] {
  if (!canBeAsked(context.instances[record.provider]?.driver)) return [];
  return askable(record).map((part) => {
    const waitMs = context.pace.wait(keyOf(record, part), record.provider, intervalOf(context, record, part));
    return { part, waitMs };
  });
}

/** Often while something is to be proven, and now and then while a recording just runs. */
function intervalOf({ clock, intervals }: WorkerContext, record: SessionRecord, part: PartRecord): number {
  const open = openCommands(record).findLast(({ partId }) => partId === part.id);
  return open ? awaitedMs(intervals, Date.parse(open.recordedAt), clock.now()) : intervals.steadyPollMs;
}
