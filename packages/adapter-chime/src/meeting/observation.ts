import type { PartTarget, Report, Seen } from '@onrecord/core';

/** What we saw of a part by ourselves, at `now` of our clock (RFC 3339). */
export function observation(
  part: Pick<PartTarget, 'correlation'>,
  name: string,
  seen: Seen,
  cause: Report['cause'],
  via: Report['via'],
  now: string,
): Report {
  return {
    reportId: `chime-meeting/${part.correlation}/${name}`,
    subject: { correlation: part.correlation },
    seen,
    cause,
    clock: { domain: 'ours', at: now },
    via,
    receivedAt: now,
  };
}
