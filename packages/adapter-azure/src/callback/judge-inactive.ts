import type { CallRecording } from '@azure/communication-call-automation';
import { type DriverContext, type Report, type Seen, timestamp } from '@onrecord/core';
import { idIn } from '../handle.ts';
import { askState } from '../recording-state.ts';

/** The service waits for the answer to its callback, so this is all the time that a question gets, ms. */
const patienceMs = 3_000;

/**
 * The service says `inactive` of a pause and of an end alike, so it is asked whether the recording still exists before
 * its word is passed on. If it does not, the end is reported as well. If nobody can tell, the word is passed on without
 * its time, by which it proves nothing: the recorder asks again by itself.
 */
export async function judgeInactive(
  reports: readonly Report[],
  recording: CallRecording,
  context: DriverContext,
): Promise<readonly Report[]> {
  const judged: Report[] = [];
  for (const report of reports) {
    const id = report.seen.capturing === false && !report.seen.ended ? idIn(report.seen.handle) : undefined;
    if (id === undefined) judged.push(report);
    else judged.push(...accountsOf(report, await asked(recording, id, context), context));
  }
  return judged;
}

function accountsOf(report: Report, seen: Seen | undefined, { clock }: DriverContext): readonly Report[] {
  if (seen?.capturing === undefined) return [{ ...report, clock: { domain: 'none' } }];
  if (seen.ended !== true) return [report];
  const over: Report = {
    ...report,
    reportId: `${report.reportId}/over`,
    seen,
    clock: { domain: 'none' },
    receivedAt: timestamp(clock.now()),
  };
  return [report, over];
}

/** Undefined when there is no answer, or none in time. */
async function asked(
  recording: CallRecording,
  id: string,
  { clock, signal }: DriverContext,
): Promise<Seen | undefined> {
  const settled = new AbortController();
  const late = new AbortController();
  void clock.delay(patienceMs, { signal: settled.signal }).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    return await askState(recording, id, AbortSignal.any([signal, late.signal]));
  } catch {
    signal.throwIfAborted();
    return undefined;
  } finally {
    settled.abort();
  }
}
