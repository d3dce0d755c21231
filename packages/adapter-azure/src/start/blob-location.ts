import type { Problem } from '../config/problem.ts';

/**
 * Characters of a location inside a container, at most: a blob name has 1,024, and the service appends a day, a call, a
 * recording and a file name, some 200; the place of one recording takes 45.
 */
const longestLocation = 750;

/**
 * Hosts of Blob Storage in the public cloud, US Government and China. Of an account with a DNS zone of its own the storage
 * SDK cannot tell the name, so no landing store would know its blobs.
 */
const blobHost = /^[a-z0-9]{3,24}\.blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/;

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const containerName = /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * The URL of a container, or of a location inside one, as the service is given it: without a slash at its end. Else
 * undefined and problems, none of which quotes it: its query may be a secret.
 */
export function readContainerUrl(given: unknown, path: string, problems: Problem[]): URL | undefined {
  const before = problems.length;
  const wrong = (message: string) => {
    problems.push({ path, message });
  };
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  if (!url || typeof given !== 'string') {
    wrong('Must be an absolute URL, such as https://<account>.blob.core.windows.net/<container>.');
    return undefined;
  }
  if (url.protocol !== 'https:') wrong(`Must begin with https://, not ${url.protocol}//.`);
  if (url.search !== '' || given.includes('?')) {
    wrong(
      'Must hold no query, such as a SAS: the service writes with the managed identity of the Communication Services ' +
        'resource, which needs the role Storage Blob Data Contributor.',
    );
  }
  if (url.username !== '' || url.password !== '') wrong('Must hold no user name or password.');
  if (url.hash !== '' || given.includes('#')) wrong('Must hold no fragment.');
  if (url.port !== '' || !blobHost.test(url.hostname)) wrong(hostRule(url.hostname));
  readPath(given, url, wrong);
  if (problems.length > before) return undefined;
  return new URL(url.pathname.replace(/\/$/, ''), url);
}

/** The URL of a place below `container`; `location` is text with slashes, not encoded. */
export function locationBelow(container: URL, location: string): URL {
  const below = location.split('/').map(encodeURIComponent).join('/');
  return new URL(`${container.pathname}/${below}`, container);
}

/** Why this is no location inside a container; undefined where it is one. */
export function locationProblem(location: string): string | undefined {
  if (location.length > longestLocation) return `Must have at most ${longestLocation} characters.`;
  const segments = location.split('/');
  if (segments.some((segment) => segment === '')) return 'Must be names with single slashes between them.';
  // "." and ".." would leave the place; names that end in a dot are advised against, because some tools drop it.
  if (segments.some((segment) => segment.endsWith('.')))
    return 'Must hold no name that is "." or "..", or ends in a dot.';
  if (/[\\\p{Cc}]/u.test(location)) return 'Must hold no backslash and no control character.';
  return undefined;
}

/** Why the whole location of a recording, as it is sent, is none; undefined where it is one. */
export function placeProblem({ pathname }: URL): string | undefined {
  const [, , ...location] = pathname.split('/');
  if ((decoded(location) ?? '').length <= longestLocation + 45) return undefined;
  return `Must have at most ${longestLocation} characters, together with the location of containerUrl.`;
}

function readPath(given: string, url: URL, wrong: (message: string) => void): void {
  // As written: the parser has dealt with dots and backslashes already.
  const written = /^[a-z]+:\/\/[^/?#]*\/?([^?#]*)/i.exec(given)?.[1] ?? '';
  const [container = '', ...rest] = written.replace(/\/$/, '').split('/');
  if (container === '') {
    wrong('Must name a container after the host.');
    return;
  }
  if (!containerName.test(container)) {
    wrong(
      'Must name a container of 3 to 63 characters: lower-case letters, digits and single hyphens between them; ' +
        'system containers such as $web and $root are none.',
    );
  }
  if (rest.length === 0) return;
  const location = decoded(rest);
  const problem = location === undefined ? 'Must be encoded as a URL.' : locationProblem(location);
  // What was written must be what is sent: another spelling of the same place would hide its files from a comparison.
  const other =
    url.pathname.replace(/\/$/, '') === `/${container}/${rest.join('/')}` ? undefined : 'Must be encoded as a URL.';
  const message = problem ?? other;
  if (message !== undefined) wrong(`The location inside the container: ${message}`);
}

/** Undefined where it cannot be decoded, or an encoded slash would make two names of one. */
function decoded(segments: readonly string[]): string | undefined {
  try {
    const names = segments.map(decodeURIComponent);
    return names.some((name) => name.includes('/')) ? undefined : names.join('/');
  } catch {
    return undefined;
  }
}

function hostRule(host: string): string {
  const hint = /\.dfs\./.test(host) ? ' The endpoint of Data Lake takes no recordings: write blob instead of dfs.' : '';
  return `Its host must be <account>.blob.core.windows.net, or that of Blob Storage in another cloud.${hint}`;
}
