import type { Report } from '../report/report.ts';
import type { ClockOrder, FreeChange } from './clock-order.ts';
import { type PartStep, shows } from './part-step.ts';

/**
 * Changes of capture that no command explains: those that a provider's clock shows, and capture read back after a
 * pause that its own answer had proven.
 */
export function freeChanges(
  order: ClockOrder,
  steps: readonly PartStep[],
  reports: readonly Report[],
): readonly FreeChange[] {
  const resumed = steps.flatMap((step, index): readonly FreeChange[] => {
    if (step.desire !== 'hold' || step.refused || wanted(steps.slice(index + 1))) return [];
    const { command } = step;
    const answered = reports.some((report) => report.via === 'answer' && shows(report, command, 'hold'));
    if (!answered) return [];
    const report = reports.find(
      ({ seen, cause }) => seen.capturing === true && 'asOfOrdinal' in cause && cause.asOfOrdinal >= command.ordinal,
    );
    return report ? [{ capturing: true, after: command.ordinal, domain: 'answer', report }] : [];
  });
  return resumed.length === 0 ? order.free : [...order.free, ...resumed];
}

function wanted(later: readonly PartStep[]): boolean {
  return later.some(({ desire, refused }) => desire === 'capture' && refused === undefined);
}

/**
 * The changes between two commands, in order. Where domains disagree on how it ended, only the end counts, towards
 * capturing. Empty when nothing is altered.
 */
export function settle(
  free: readonly FreeChange[],
  capturing: boolean | undefined,
  reached: number,
  before: number,
): readonly FreeChange[] {
  if (free.length === 0 || capturing === undefined) return [];
  const within = free.filter(({ after }) => after >= reached && after < before);
  const last = new Map(within.map((change) => [change.domain, change]));
  if (last.size < 2) return within;
  const ends = [...last.values()];
  const end = ends.find((change) => change.capturing) ?? ends[0]!;
  return end.capturing === capturing ? [] : [end];
}
