import type { SessionRecord } from '../session/record.ts';
import { sharedLooks } from './adopt-shared.ts';
import { deadlineOf, openCommands } from './command-deadlines.ts';
import { deliverAt } from './deliver-events.ts';
import { undescribed } from './describe-landed.ts';
import { expiryTimes } from './expire-files.ts';
import { finalizations } from './finalize-parts.ts';
import { absenceTimes } from './judge-absence.ts';
import { polls } from './poll-provider.ts';
import { probes } from './probe-landing.ts';
import { releases } from './release-sources.ts';
import { openSecurePause } from './secure-sections.ts';
import { sendAt } from './send-unsent.ts';
import { outstandingFiles, transferAt } from './transfer-journal.ts';
import { warningTimes } from './warn-expiring.ts';
import type { WorkerContext } from './worker-options.ts';
import { isFinal, manifestWait, wantsManifest } from './write-manifest.ts';

/**
 * When the worker must look at a session again (epoch ms); undefined when nothing is left to do, ever. Every step of
 * the worker says here when it wants to be taken, so that nothing that is outstanding is forgotten.
 */
export function nextDue(context: WorkerContext, record: SessionRecord, now: number): number | undefined {
  const { intervals } = context;
  const driver = context.instances[record.provider]?.driver;
  const times: number[] = [];
  const wait = (waitMs: number) => times.push(now + waitMs);

  for (const command of openCommands(record)) times.push(deadlineOf(context, command));
  if (driver) {
    for (const command of record.commands) {
      const at = sendAt(context, driver, record, command);
      if (at !== undefined) times.push(at);
    }
  }
  for (const { waitMs } of polls(context, record)) wait(waitMs);
  const secure = openSecurePause(record);
  if (secure) times.push(secure.until);

  for (const { waitMs } of sharedLooks(context, record)) wait(waitMs);
  for (const { waitMs } of finalizations(context, record)) wait(waitMs);
  for (const { waitMs, storage } of probes(context, record)) if (storage) wait(waitMs);
  for (const { waitMs } of undescribed(context, record)) wait(waitMs);
  times.push(...absenceTimes(context, record), ...expiryTimes(context, record), ...warningTimes(context, record));

  for (const file of outstandingFiles(record)) {
    // What can be moved is moved right after a look; if its turn has not come by then, it is asked for again.
    const at = transferAt(record, file);
    times.push(at > now ? at : now + intervals.longestPollMs);
  }
  if (wantsManifest(record)) wait(Math.max(intervals.longestPollMs, manifestWait(context, record)));
  for (const { waitMs } of releases(context, record)) wait(waitMs);

  const events = deliverAt(context, record, now);
  if (events !== undefined) times.push(events);
  if (!isFinal(record)) wait(record.snapshot.state === 'processing' ? intervals.slowestPollMs : intervals.steadyPollMs);
  return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
}
