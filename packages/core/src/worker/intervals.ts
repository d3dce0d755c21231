import type { WorkerIntervals } from './worker-options.ts';

/** The wait between two looks for something that is awaited since then: the longer it takes, the longer the wait. */
export function awaitedMs(intervals: WorkerIntervals, sinceMs: number, nowMs: number): number {
  return clamp((nowMs - sinceMs) / 4, intervals.firstPollMs, intervals.longestPollMs);
}

/** The same for a file, which is looked for much longer: slowly once it is missing. */
export function awaitedFileMs(intervals: WorkerIntervals, sinceMs: number, nowMs: number): number {
  const elapsed = nowMs - sinceMs;
  if (elapsed < intervals.missingAfterMs) return awaitedMs(intervals, sinceMs, nowMs);
  return clamp(elapsed / 16, intervals.longestPollMs, intervals.slowestPollMs);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
