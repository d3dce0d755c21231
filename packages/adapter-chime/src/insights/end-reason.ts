import type { EndReason } from '@onrecord/core';
import { maxAgeMs } from './map-pipeline.ts';

const maxPausedMs = 2 * 3_600_000;
/** Events tell whole seconds, and a rule takes a moment to be carried out. */
const toleranceMs = 5_000;
/** Who asks this long after a limit cannot tell whether it was reached. */
const askedInTimeMs = 900_000;

export interface Lifetime {
  /** RFC 3339. */
  readonly createdAt?: string | undefined;
  readonly stoppedAt: string;
  /** Nobody told when it stopped: `stoppedAt` is when it was found to be over. */
  readonly found?: boolean | undefined;
  /** When its processors were paused, if they still were at the end. */
  readonly pausedAt?: string | undefined;
  /** End of the fragments that it was to record. */
  readonly until?: string | undefined;
}

/**
 * Why a pipeline stopped that nobody here stopped. The service never says: it does at 8 hours of age, after 2 hours of a
 * pause, at the end of the range that was asked for, and else 15 s after a stream fell silent, which is the end of the call.
 */
export function naturalEnd({ createdAt, stoppedAt, pausedAt, until, found }: Lifetime): EndReason {
  const stopped = Date.parse(stoppedAt);
  const past = (since: string | undefined, ms: number) =>
    since === undefined ? Number.NEGATIVE_INFINITY : stopped - Date.parse(since) - ms;
  const over = Math.max(past(createdAt, maxAgeMs), past(pausedAt, maxPausedMs), past(until, 0));
  if (over < -toleranceMs) return 'call-ended';
  return found && over > askedInTimeMs ? 'unknown' : 'limit-reached';
}
