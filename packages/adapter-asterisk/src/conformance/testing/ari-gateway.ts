import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Interceptor, ProviderRequest } from '@onrecord/contract-kit';
import type { AsteriskAccess } from '../../testing/server/index.ts';
import { EventsRelay } from './events-relay.ts';
import { kindOf, recordingIn } from './read-request.ts';

/**
 * Stands between a driver and its server: counts what is asked, loses answers, and hands every event to an interceptor.
 * It changes nothing else.
 */
export interface AriGateway {
  /** Base of the REST interface, as the driver is to be told. */
  readonly url: string;
  requests(): readonly ProviderRequest[];
  /** Recordings that the server said it had begun, in its answers or its events. */
  recordings(): number;
  intercept(interceptor: Interceptor | undefined): void;
  /** The next `record` request is carried out, and its answer is lost. */
  loseNextAnswer(): void;
  close(): Promise<void>;
}

/** @param ready resolves when a command may reach the server. */
export async function openGateway(access: AsteriskAccess, ready: () => Promise<void>): Promise<AriGateway> {
  const upstream = new URL(access.url);
  const requests: ProviderRequest[] = [];
  const recordings = new Set<string>();
  const relay = new EventsRelay(upstream, (name) => recordings.add(name));
  let losesNext = false;

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '', headers } = incoming;
    const asked = { name: nameOf(method, url), kind: kindOf(method, url) };
    requests.push(asked);
    if (asked.kind === 'command') await ready();
    const sent = request(upstream, { method, path: url, headers: { ...headers, host: upstream.host } });
    incoming.pipe(sent);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const begun = recordingIn(method, url);
    if (begun !== undefined && answer.statusCode === 201) recordings.add(begun);
    if (begun !== undefined && losesNext) {
      losesNext = false;
      answer.resume();
      await once(answer, 'end');
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
    // What breaks off at the server breaks off at the driver.
    answer.on('error', () => outgoing.destroy());
  }

  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.on('upgrade', (incoming, socket, head) => {
    requests.push({ name: nameOf('GET', incoming.url ?? ''), kind: 'query' });
    relay.connect(incoming, socket, head);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}${upstream.pathname}`,
    requests: () => [...requests],
    recordings: () => recordings.size,
    intercept(interceptor) {
      relay.interceptor = interceptor;
    },
    loseNextAnswer() {
      losesNext = true;
    },
    async close() {
      relay.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  function nameOf(method: string, url: string): string {
    return `${method} ${url.slice(upstream.pathname.length).replace(/\?.*$/, '')}`;
  }
}
