import { type CommandToken, type PartTarget, type Report, type Seen, timestamp } from '@onrecord/core';

/** Clock of the calling service, which stamps callbacks. */
export const callbackClock = 'provider:azure';

/**
 * What a recording state proves. The service has two: `inactive` is a pause, a start still on its way, and an end
 * alike, so it says no more than that nothing is captured. Other words, which may come, say nothing.
 */
export function seenIn(state: string | undefined): Seen {
  switch (state?.toLowerCase()) {
    case 'active':
      return { capturing: true };
    case 'inactive':
      return { capturing: false };
    default:
      return {};
  }
}

/** The recording no longer exists; where the call is known to be gone, that is why. */
export function seenOver(callIsOver: boolean): Seen {
  return { ended: true, ...(callIsOver ? { endReason: 'call-ended' } : {}) };
}

/** A report about a part whose correlation is known. */
export function reportOn(
  correlation: string,
  report: Pick<Report, 'reportId' | 'seen' | 'cause' | 'clock' | 'via' | 'receivedAt'>,
): Report {
  return { subject: { correlation }, ...report };
}

/** What the answer to a command showed. */
export function answerReport(
  verb: 'start' | 'stop',
  { correlation }: Pick<PartTarget, 'correlation'>,
  { commandId }: CommandToken,
  seen: Seen,
  nowMs: number,
): Report {
  const now = timestamp(nowMs);
  return reportOn(correlation, {
    reportId: `azure/${verb}/${commandId}`,
    seen,
    cause: { commandId },
    clock: { domain: 'ours', at: now },
    via: 'answer',
    receivedAt: now,
  });
}
