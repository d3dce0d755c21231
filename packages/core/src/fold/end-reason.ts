import type { ErrorCode } from '../errors/codes.ts';
import type { Report } from '../report/report.ts';
import type { EndReason } from '../states/states.ts';
import { type PartStep, shows } from './part-step.ts';

/** What weighs most first: a loss or a failure is never hidden by the hang-up that came with it. */
const byWeight: readonly EndReason[] = [
  'lost',
  'permission-denied',
  'storage-error',
  'provider-error',
  'limit-reached',
  'discarded',
  'empty',
  'requested',
  'call-ended',
  'never-started',
  'unknown',
];

/** Reasons for which there may be no file. */
export const failures: ReadonlySet<EndReason> = new Set([
  'lost',
  'permission-denied',
  'storage-error',
  'provider-error',
  'never-started',
]);

export function weightiest(reasons: ReadonlySet<EndReason>): EndReason | undefined {
  return byWeight.find((reason) => reasons.has(reason));
}

/** Every reason that a provider, a store or the worker gave for the end of a part. */
export function toldReasons(reports: readonly Report[]): ReadonlySet<EndReason> {
  const told = new Set<EndReason>();
  for (const { seen } of reports) if (seen.endReason) told.add(seen.endReason);
  return told;
}

/** Why a part is over. `captured`: something of the call was seen to be captured. */
export function endReasonOf(
  steps: readonly PartStep[],
  reports: readonly Report[],
  { captured }: { readonly captured: boolean },
): EndReason {
  const reasons = new Set(toldReasons(reports));
  const ends = steps.filter(({ desire, refused, left }) => desire === 'end' && refused === undefined && left);
  if (ends.some(({ command }) => command.kind === 'discard')) reasons.add('discarded');
  const start = steps.find(({ command }) => command.sends === 'start');
  if (start?.desire === 'hold' && !captured) reasons.add('empty');
  const asked = ends.filter(({ command }) => command.kind === 'stop');
  if (asked.some(({ command, desire }) => reports.some((report) => shows(report, command, desire)))) {
    reasons.add('requested');
  }
  const told = weightiest(reasons);
  if (told !== undefined && told !== 'unknown') return told;
  return ends.length > 0 ? 'requested' : 'unknown';
}

/** What a refused start means for the recording. */
export function reasonOfRefusal(code: ErrorCode): EndReason {
  switch (code) {
    case 'permission-denied':
    case 'unauthenticated':
      return 'permission-denied';
    case 'storage-failed':
      return 'storage-error';
    case 'unavailable':
    case 'provider-contract':
    case 'rate-limited':
    case 'quota-exceeded':
    case 'timeout':
    case 'unknown':
      return 'provider-error';
    default:
      return 'never-started';
  }
}
