import { OnRecordError } from '@onrecord/core';

/** The service joins what was captured at most so long ago. */
export const maxSourceAgeMs: number = 30 * 24 * 3_600_000;

/** Whether the service would refuse the capture for its age. */
export function isTooOld(capturedSinceMs: number | undefined, nowMs: number): boolean {
  return capturedSinceMs !== undefined && nowMs - capturedSinceMs > maxSourceAgeMs;
}

/** @throws OnRecordError `invalid-request` for a capture that is too old. */
export function refuseOld(capturedSinceMs: number | undefined, nowMs: number): void {
  if (capturedSinceMs === undefined || !isTooOld(capturedSinceMs, nowMs)) return;
  const days = Math.floor((nowMs - capturedSinceMs) / (24 * 3_600_000));
  throw new OnRecordError(
    'invalid-request',
    `The service joins chunks of the last 30 days; these were captured ${days} days ago.`,
    { retry: 'never', blame: 'caller', remedy: 'Join them with remux() of native(), which knows no such limit.' },
  );
}
