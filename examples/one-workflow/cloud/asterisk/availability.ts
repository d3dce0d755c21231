import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OnRecordError } from '@onrecord/core';
import {
  cacheFolder,
  debianSuite,
  fetchAsterisk,
  SuiteUnavailable,
} from '../../../../packages/adapter-asterisk/src/testing/server/index.ts';

/** The server of the demo where ASTERISK_ARI_URL names no other one. */
export const suite = 'asterisk-22';

/** Why the demo cannot record on Asterisk without fetching anything; undefined where it can. */
export function whyNoAsterisk(): string | undefined {
  if (process.env['ASTERISK_ARI_URL']) return undefined;
  const folder = join(cacheFolder(), `asterisk-${debianSuite(suite)}`);
  if (existsSync(join(folder, 'version')) && existsSync(join(folder, 'root'))) return undefined;
  return 'no server was fetched and ASTERISK_ARI_URL is not set; --provider asterisk fetches one';
}

/**
 * Fetches the server if it is not there, and says so before.
 * @throws OnRecordError `unavailable` when this machine cannot have it.
 */
export async function haveAsterisk(tell: (text: string) => void): Promise<void> {
  if (whyNoAsterisk() === undefined) return;
  tell(`fetching Asterisk from Debian ${debianSuite(suite)} into ${cacheFolder()} (some 80 MB, unpacked 270 MB)`);
  try {
    const { packageVersion } = await fetchAsterisk(suite);
    tell(`fetched Asterisk ${packageVersion}`);
  } catch (cause) {
    if (!(cause instanceof SuiteUnavailable)) throw cause;
    throw new OnRecordError('unavailable', `Asterisk cannot be had here: ${cause.message}.`, {
      remedy: 'Set ASTERISK_ARI_URL=http://USER:PASSWORD@HOST:8088/ari to use a server of your own.',
      cause,
    });
  }
}
