import type { ProviderRequest } from '@onrecord/contract-kit';

/** A subscription only says who hears of a recording. */
const subscription = /\/applications\/[^/?]+\/subscription(\?|$)/;

/** Whether a request changes a recording. */
export function kindOf(method: string, url: string): ProviderRequest['kind'] {
  return method === 'GET' || subscription.test(url) ? 'query' : 'command';
}

/** Name of the recording that a request is to begin. */
export function recordingIn(method: string, url: string): string | undefined {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  if (method !== 'POST' || !/\/(bridges|channels)\/[^/]+\/record$/.test(pathname)) return undefined;
  return searchParams.get('name') ?? undefined;
}
