import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { AsteriskAccess } from '../server/start-asterisk.ts';
import { ask, authorizationOf, PATIENCE_MS, Refused } from './ari-request.ts';

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
      headers: { authorization: authorizationOf(access) },
      handshakeTimeout: PATIENCE_MS,
      perMessageDeflate: false,
    });
    const exchange = new Exchange(access, app, socket);
    await once(socket, 'open');
    return exchange;
  }

  /** @throws {Refused} */
  request(method: 'GET' | 'POST' | 'DELETE', path: string, query?: Readonly<Record<string, string>>): Promise<unknown> {
    return ask(this.#access, method, path, query);
  }

  /**
   * Removes what may be gone already (404), or is deleted and not forgotten yet (409, of bridges), on a server that may
   * be gone already.
   */
  async remove(path: string): Promise<void> {
    await this.request('DELETE', path).catch((error: unknown) => {
      if (error instanceof Refused && error.status !== 404 && error.status !== 409) throw error;
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
