import { OnRecordError } from '@onrecord/core';

const longestMs = 7 * 24 * 3_600_000;

/**
 * Signed links of S3, and the user delegation keys of Azure Blob with theirs, live at most a week.
 * @throws OnRecordError `invalid-request` for a longer one, and for less than a second.
 */
export function checkLinkLifetime(expiresInMs: number): void {
  if (expiresInMs >= 1000 && expiresInMs <= longestMs) return;
  throw new OnRecordError('invalid-request', 'A link to a stored object lives between one second and seven days.');
}
