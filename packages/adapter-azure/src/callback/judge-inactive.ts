import type { CallRecording } from '@azure/communication-call-automation';
import { type DriverContext, type Report, type Seen, timestamp } from '@onrecord/core';
import { idIn } from '../handle.ts';
import { askState } from '../recording-state.ts';

/** The service waits for the answer to its callback, so this is all the time that its questions get together, ms. */
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
  const ids = new Set(reports.flatMap((report) => openId(report) ?? []));
  const answers = ids.size === 0 ? undefined : await asked(recording, ids, context);
  return reports.flatMap((report) => {
    const id = openId(report);
    return id === undefined ? [report] : accountsOf(report, answers?.get(id), context);
  });
}

/** The recording of which a report leaves open whether it paused or ended. */
function openId({ seen }: Report): string | undefined {
  return seen.capturing === false && !seen.ended ? idIn(seen.handle) : undefined;
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

/** One after the other, each once; nothing of those that there was no answer of, or none in time. */
async function asked(
  recording: CallRecording,
  ids: ReadonlySet<string>,
  { clock, signal }: DriverContext,
): Promise<ReadonlyMap<string, Seen>> {
  const settled = new AbortController();
  const late = new AbortController();
  void clock.delay(patienceMs, { signal: settled.signal }).then(
    () => late.abort(),
    () => undefined,
  );
  const patience = AbortSignal.any([signal, late.signal]);
  const answers = new Map<string, Seen>();
  try {
    for (const id of ids) {
      if (late.signal.aborted) break;
      try {
        answers.set(id, await askState(recording, id, patience));
      } catch {
        signal.throwIfAborted();
      }
    }
    return answers;
  } finally {
    settled.abort();
  }
}
