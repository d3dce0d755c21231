import type { SessionRecord } from '../session/record.ts';
import { openSecurePause } from './advance-commands.ts';
import type { WorkerContext } from './worker-options.ts';

/**
 * When the worker must look at a session again (epoch ms); undefined when nothing is left to do, ever.
 * A pure function of the record and the time, so that every worker plans alike.
 */
export function nextDue(context: WorkerContext, record: SessionRecord, now: number): number | undefined {
  const { intervals, deadlines } = context;
  const times: number[] = [];
  const backOff = (since: number) =>
    now + Math.min(intervals.longestPollMs, Math.max(intervals.firstPollMs, (now - since) / 4));
  for (const outcome of record.snapshot.commands) {
    if (outcome.state !== 'recorded' && outcome.state !== 'accepted') continue;
    const command = record.commands.find(({ id }) => id === outcome.id);
    if (!command) continue;
    const since = Date.parse(command.recordedAt);
    times.push(Math.min(backOff(since), Math.max(now, since + deadlines[command.kind])));
  }
  const secure = openSecurePause(record);
  if (secure) times.push(secure.until);
  const first = record.outbox[0];
  if (first) times.push(first.nextAttemptAt === undefined ? now : Date.parse(first.nextAttemptAt));
  for (const { state, nextAttemptAt } of record.transfers) {
    if (state !== 'stored') times.push(nextAttemptAt === undefined ? now : Date.parse(nextAttemptAt));
  }
  switch (record.snapshot.state) {
    case 'completed':
    case 'failed':
      break;
    case 'processing':
    case 'stopping':
      times.push(backOff(endedAt(record) ?? now));
      break;
    default:
      times.push(now + intervals.steadyPollMs);
  }
  return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
}

/** When capture is known to have ended (epoch ms). */
export function endedAt(record: SessionRecord): number | undefined {
  const ends = record.snapshot.parts.flatMap(({ endedAt: at }) => (at === undefined ? [] : [Date.parse(at)]));
  return ends.length === 0 ? undefined : Math.max(...ends);
}
