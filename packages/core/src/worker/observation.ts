import { timestamp } from '../clock.ts';
import { derivedId } from '../engine/ids.ts';
import { correlationOf, type Report, type Seen } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';

/**
 * An observation of our own, on our clock, that no command caused. `what` names it within its part: the same
 * observation made twice, by whichever worker, is one report.
 */
export function observation(
  record: SessionRecord,
  partId: string,
  { what, seen, nowMs }: { readonly what: readonly string[]; readonly seen: Seen; readonly nowMs: number },
): Report {
  return {
    reportId: derivedId('worker', record.id, partId, ...what),
    subject: { correlation: correlationOf(record.id, partId) },
    seen,
    cause: { unattributed: true },
    clock: { domain: 'ours', at: timestamp(nowMs) },
    via: 'storage',
    receivedAt: timestamp(nowMs),
  };
}
