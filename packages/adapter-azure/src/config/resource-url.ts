import type { AzureOptions } from './options.ts';
import type { Problem } from './problem.ts';
import { isLoopback, readUrl } from './read-url.ts';

/** Domains of Azure in which only `*.communication.*` is ours: connection strings of other services look alike. */
const azure = /\.(azure\.(com|us|cn|net)|windows\.net|signalr\.net|azconfig\.io|microsoftonline\.com)$/;
const communication = /\.communication\.azure\.(com|us|cn)$/;

/** The address of a Communication Services resource, or undefined with a problem. */
export function resourceUrl(text: unknown, path: string, options: AzureOptions, problems: Problem[]): URL | undefined {
  const url = readUrl(text, path, options, problems);
  if (!url) return undefined;
  const before = problems.length;
  if (url.pathname !== '/' || url.search !== '') {
    const message = 'Must be the resource alone, without a path: https://<resource>.communication.azure.com';
    problems.push({ path, message });
  }
  if (azure.test(url.hostname) && !communication.test(url.hostname)) {
    const message = `Is of another service of Azure (${url.hostname}), not of Communication Services.`;
    problems.push({ path, message });
  }
  return problems.length > before ? undefined : url;
}

/**
 * Whether tokens can be sent there, and are of its cloud.
 * @param scoped whether the options say what tokens are asked for.
 */
export function checkTokensFor(url: URL, path: string, scoped: boolean, problems: Problem[]): void {
  if (url.protocol !== 'https:') {
    const where = isLoopback(url) ? 'this machine' : 'http';
    problems.push({
      path,
      message: `Must begin with https:// for a token of Entra, on ${where} too: the SDK insists.`,
    });
  }
  if (!scoped && communication.test(url.hostname) && !url.hostname.endsWith('.com')) {
    const message = 'Is of another cloud than its tokens: give authorityHost and scope in credential.entra.';
    problems.push({ path, message });
  }
}
