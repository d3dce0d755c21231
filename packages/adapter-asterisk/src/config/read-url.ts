import type { Problem } from './problem.ts';

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether the URL names this machine. */
export function isLoopback(url: URL): boolean {
  return loopback.test(url.hostname);
}

/** The URL of the interface, if nobody else can read what goes there; else a problem. Quotes no password. */
export function readUrl(
  text: unknown,
  path: string,
  options: { readonly allowHttp: boolean },
  problems: Problem[],
): URL | undefined {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const message =
      text === undefined ? 'Missing.' : 'Must be an absolute URL with https://, or http:// on this machine.';
    problems.push({ path, message });
    return undefined;
  }
  if (url.username !== '' || url.password !== '') {
    problems.push({ path, message: 'Must hold no user name and no password; give username and password.' });
    return undefined;
  }
  if (url.search !== '' || url.hash !== '') {
    problems.push({ path, message: 'Must hold no query and no fragment.' });
    return undefined;
  }
  if (url.protocol === 'http:' && !isLoopback(url) && !options.allowHttp) {
    problems.push({
      path,
      message: 'Must begin with https:// beyond this machine, for the password goes along; allowHttp permits http.',
    });
    return undefined;
  }
  return url;
}
