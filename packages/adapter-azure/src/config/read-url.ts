import type { Problem } from './problem.ts';

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether the URL names this machine. */
export function isLoopback(url: URL): boolean {
  return loopback.test(url.hostname);
}

/**
 * The URL, if it is https and reaches beyond this machine, or if the options permit this machine for tests; else a
 * problem. Quotes neither query nor password.
 */
export function readUrl(
  text: unknown,
  path: string,
  options: { readonly allowInsecureLoopback?: boolean | undefined },
  problems: Problem[],
): URL | undefined {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (!url) {
    problems.push({ path, message: 'Must be an absolute URL.' });
    return undefined;
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    problems.push({ path, message: 'Must hold no user name, password or fragment.' });
    return undefined;
  }
  if (options.allowInsecureLoopback && isLoopback(url) && /^https?:$/.test(url.protocol)) return url;
  if (url.protocol !== 'https:') {
    problems.push({
      path,
      message: `Must begin with https://, not ${url.protocol}//; the service refuses anything else.`,
    });
    return undefined;
  }
  if (isLoopback(url)) {
    problems.push({
      path,
      message: `Names this machine, which the service cannot reach; allowInsecureLoopback permits it in tests.`,
    });
    return undefined;
  }
  return url;
}
