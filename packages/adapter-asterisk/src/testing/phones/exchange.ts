import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { AsteriskAccess } from '../server/start-asterisk.ts';

/** A request that takes this long means that the server hangs. */
const PATIENCE_MS = 10_000;

/** The server said no. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(request: string, status: number, body: string) {
    super(`${request}: ${status} ${body}`);
    this.status = status;
  }
}

/**
 * The phones' own Stasis application on a server, apart from the one under test: it asks for channels and bridges, and
 * reads and forgets all events but the arrival of its channels.
 */
export class Exchange {
  readonly app: string;
  readonly #access: AsteriskAccess;
  readonly #socket: WebSocket;
  readonly #arrived = new Set<string>();
  readonly #expected = new Map<string, PromiseWithResolvers<void>>();

  private constructor(access: AsteriskAccess, app: string, socket: WebSocket) {
    this.#access = access;
    this.app = app;
    this.#socket = socket;
    socket.on('message', (data) => {
      const event = JSON.parse(String(data)) as { readonly type: string; readonly channel?: { readonly id: string } };
      if (event.type === 'StasisStart' && event.channel !== undefined) this.#arrive(event.channel.id);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const { reject } of this.#expected.values()) reject(new Error(`the events socket of ${app} was closed`));
      this.#expected.clear();
    });
  }

  /** Connects; from then on the application exists on the server. */
  static async open(access: AsteriskAccess, app: string): Promise<Exchange> {
    const address = `${access.url.replace(/^http/, 'ws')}/events?app=${encodeURIComponent(app)}&subscribeAll=false`;
    const socket = new WebSocket(address, {
      headers: { authorization: authorization(access) },
      handshakeTimeout: PATIENCE_MS,
      perMessageDeflate: false,
    });
    const exchange = new Exchange(access, app, socket);
    await once(socket, 'open');
    return exchange;
  }

  /** The answer's JSON, undefined where it has none. @throws {Refused} */
  async request(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${this.#access.url}${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: { authorization: authorization(this.#access) },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(`${method} ${path}`, response.status, text);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Removes what may be gone already, on a server that may be gone already. */
  async remove(path: string): Promise<void> {
    await this.request('DELETE', path).catch((error: unknown) => {
      if (error instanceof Refused && error.status !== 404) throw error;
    });
  }

  /** Resolves when the channel is in the application, also when it came before. */
  async arrival(channelId: string): Promise<void> {
    if (this.#arrived.has(channelId)) return;
    const expected = Promise.withResolvers<void>();
    this.#expected.set(channelId, expected);
    await expected.promise;
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.terminate();
    await once(this.#socket, 'close');
  }

  #arrive(channelId: string): void {
    this.#arrived.add(channelId);
    this.#expected.get(channelId)?.resolve();
    this.#expected.delete(channelId);
  }
}

function authorization({ username, password }: AsteriskAccess): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
