import { type CommandToken, type Outcome, type PartTarget, type Report, type Seen, timestamp } from '@onrecord/core';
import type { Work } from './work.ts';

/** What the answers to a command showed: it is done. */
export function done(
  work: Work,
  verb: string,
  { correlation }: Pick<PartTarget, 'correlation'>,
  { commandId }: CommandToken,
  seen: Seen,
): Outcome {
  const now = timestamp(work.clock.now());
  const report: Report = {
    reportId: `asterisk/${verb}/${commandId}`,
    subject: { correlation },
    seen,
    cause: { commandId },
    clock: { domain: 'ours', at: now },
    via: 'answer',
    receivedAt: now,
  };
  return { kind: 'done', reports: [report] };
}

/** What a look at the server showed; nothing where it shows nothing. */
export function looked(
  work: Work,
  reportId: string,
  { correlation }: Pick<PartTarget, 'correlation'>,
  seen: Seen,
  cause: Report['cause'],
): readonly Report[] {
  if (Object.keys(seen).length === 0) return [];
  const receivedAt = timestamp(work.clock.now());
  return [{ reportId, subject: { correlation }, seen, cause, clock: { domain: 'none' }, via: 'poll', receivedAt }];
}
