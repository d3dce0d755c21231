import { homedir } from 'node:os';
import { join } from 'node:path';

/** A major version of Asterisk that the adapter is tested against. */
export type AsteriskSuite = 'asterisk-22' | 'asterisk-16';

/** The Debian suite that holds it: Asterisk is in testing and in Debian 11, not in 12 and 13. */
const debian: Readonly<Record<AsteriskSuite, string>> = { 'asterisk-22': 'forky', 'asterisk-16': 'bullseye' };

export const asteriskSuites: readonly AsteriskSuite[] = ['asterisk-22', 'asterisk-16'];

/** The Debian suite to fetch from. */
export function debianSuite(suite: AsteriskSuite): string {
  return debian[suite];
}

/**
 * Where unpacked servers are kept between runs, outside the clone: `ONRECORD_ASTERISK_CACHE`, else `onrecord` in the
 * user's cache folder.
 */
export function cacheFolder(): string {
  return (
    process.env['ONRECORD_ASTERISK_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'onrecord')
  );
}

/** Which suite a version of Asterisk stands for: 16 has its own capabilities, everything later those of 22. */
export function suiteOfVersion(version: string): AsteriskSuite {
  return Number.parseInt(version, 10) < 18 ? 'asterisk-16' : 'asterisk-22';
}
