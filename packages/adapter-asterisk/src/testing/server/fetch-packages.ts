import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AsteriskSuite, cacheFolder, debianSuite } from './suite.ts';

const script = fileURLToPath(new URL('../../../server/asterisk-fetch.sh', import.meta.url));

/** The script's exit code for "this suite cannot be had here", as against a fault. */
const UNAVAILABLE = 69;

/** No such server can be had on this machine: no apt, no keyring, no mirror, or the suite was archived. */
export class SuiteUnavailable extends Error {
  override readonly name = 'SuiteUnavailable';
}

export interface Fetched {
  /** Folder to hand to `asterisk-run.sh`. */
  readonly folder: string;
  /** Debian's version of the package, such as `1:22.10.1+dfsg-1`. */
  readonly packageVersion: string;
}

/**
 * Unpacks Asterisk into the cache folder, once: later calls find it there in some 10 ms. Any number of processes may
 * ask at the same time.
 *
 * @throws {SuiteUnavailable} when it cannot be had here, with the reason.
 */
export function fetchAsterisk(suite: AsteriskSuite, signal?: AbortSignal): Promise<Fetched> {
  return fetchPackages(`asterisk-${debianSuite(suite)}`, debianSuite(suite), ['asterisk'], signal);
}

/** The same for any Debian packages; `folder` is the name below the cache folder. */
export function fetchPackages(
  folder: string,
  suite: string,
  packages: readonly string[],
  signal?: AbortSignal,
): Promise<Fetched> {
  const destination = join(cacheFolder(), folder);
  const { promise, resolve, reject } = Promise.withResolvers<Fetched>();
  execFile(script, [destination, suite, ...packages], { signal }, (error, stdout, stderr) => {
    if (error === null) resolve({ folder: destination, packageVersion: stdout.trim().split(' ')[1] ?? '' });
    else if (error.code === UNAVAILABLE) reject(new SuiteUnavailable(stderr.trim()));
    else if (error.code === 'ENOENT') reject(new SuiteUnavailable('asterisk-fetch.sh needs bash'));
    else reject(new Error(`asterisk-fetch.sh ${suite} failed: ${stderr.trim() || error.message}`, { cause: error }));
  });
  return promise;
}
