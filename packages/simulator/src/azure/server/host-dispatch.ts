import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, type RequestHandler, sendAnswer } from '../../http/index.ts';
import { EntraHost, LOGIN_HOST } from '../entra/entra-host.ts';
import type { EventGrid } from '../event-grid/event-grid.ts';
import { JWKS_PATH, OPENID_PATH, openIdConfiguration, type TokenIssuer } from '../events/token-issuer.ts';
import type { StorageHandler } from '../storage/storage-handler.ts';
import { isStorageHost } from '../storage/storage-hosts.ts';
import { jsonAnswer } from './api-error.ts';
import type { ApiHandler } from './api-handler.ts';

export interface Hosts {
  readonly api: ApiHandler;
  readonly storage: StorageHandler;
  readonly grid: EventGrid;
  readonly entra: EntraHost;
  readonly issuer: TokenIssuer;
  readonly jwksUrl: string;
  readonly plainJwksUrl: string;
}

/** Names of this machine; under them, paths tell the hosts apart. */
const ownHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/** Sends each request to the host that it names: storage, Event Grid's validation page, the directory, callback keys, or the API. */
export function hostDispatch(hosts: Hosts): RequestHandler {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (isStorageHost(host)) return hosts.storage.handle(request, response);
    const url = new URL(request.url ?? '/', `https://${host || 'localhost'}`);
    if (host === LOGIN_HOST || (ownHosts.has(host) && EntraHost.owns(request.method ?? 'GET', url.pathname))) {
      return hosts.entra.handle(request, response);
    }
    const page = host.endsWith('.eventgrid.azure.net') ? validationPage(hosts, url) : identityPage(hosts, url, host);
    if (page) return sendAnswer(request, response, page);
    return hosts.api.handle(request, response);
  };
}

function validationPage({ grid }: Hosts, url: URL): Answer {
  const known = url.pathname.endsWith('/validate') && grid.confirm(url.searchParams.get('id') ?? '');
  if (!known) return { status: 404, body: 'No subscription waits for this code.' };
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'Webhook successfully validated.' };
}

function identityPage(hosts: Hosts, url: URL, host: string): Answer | undefined {
  if (url.pathname === JWKS_PATH) return jsonAnswer(200, hosts.issuer.jwks);
  if (url.pathname !== OPENID_PATH) return undefined;
  const named = host.endsWith('.communication.azure.com');
  return jsonAnswer(200, openIdConfiguration(named ? hosts.jwksUrl : hosts.plainJwksUrl));
}
