import type { EndReason } from '@onrecord/core';
import { maxAgeMs } from './map-pipeline.ts';

const maxPausedMs = 2 * 3_600_000;
/** Events tell whole seconds, and a rule takes a moment to be carried out. */
const toleranceMs = 5_000;

export interface Lifetime {
  /** RFC 3339. */
  readonly createdAt?: string | undefined;
  readonly stoppedAt: string;
  /** When its processors were paused, if they still were at the end. */
  readonly pausedAt?: string | undefined;
  /** End of the fragments that it was to record. */
  readonly until?: string | undefined;
}

/**
 * Why a pipeline stopped that nobody here stopped. The service never says: it does at 8 hours of age, after 2 hours of a
 * pause, at the end of the range that was asked for, and else 15 s after a stream fell silent, which is the end of the call.
 */
export function naturalEnd({ createdAt, stoppedAt, pausedAt, until }: Lifetime): EndReason {
  const stopped = Date.parse(stoppedAt);
  const reached = (since: string | undefined, ms: number) =>
    since !== undefined && stopped - Date.parse(since) >= ms - toleranceMs;
  return reached(createdAt, maxAgeMs) || reached(pausedAt, maxPausedMs) || reached(until, 0)
    ? 'limit-reached'
    : 'call-ended';
}
