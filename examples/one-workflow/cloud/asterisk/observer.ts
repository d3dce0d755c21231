import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { ask, authorizationOf } from '../../../../packages/adapter-asterisk/src/testing/phones/index.ts';
import type { AsteriskAccess } from '../../../../packages/adapter-asterisk/src/testing/server/index.ts';

/** As far as the demo reads it. */
export interface ServerEvent {
  readonly type: string;
  /** Of the server's clock. */
  readonly timestamp: string;
  readonly recording?: { readonly name: string };
  readonly playback?: { readonly target_uri: string; readonly state: string };
}

/**
 * Hears everything that happens on the server, in an application of its own: it knows nothing of OnRecord, and OnRecord
 * nothing of it.
 */
export class Observer {
  readonly app: string;
  readonly #socket: WebSocket;
  readonly #events: ServerEvent[] = [];
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  /** This machine's clock less the server's, in ms, as far as the quickest event tells: nought on one machine. */
  #skewMs = Number.POSITIVE_INFINITY;

  private constructor(app: string, socket: WebSocket) {
    this.app = app;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data)) as ServerEvent));
  }

  static async open(access: AsteriskAccess): Promise<Observer> {
    const app = `demo-observer-${randomUUID().slice(0, 8)}`;
    const address = `${access.url.replace(/^http/, 'ws')}/events?app=${app}&subscribeAll=false`;
    const socket = new WebSocket(address, { headers: { authorization: authorizationOf(access) } });
    await Promise.race([once(socket, 'open'), once(socket, 'error').then(([error]) => Promise.reject(error))]);
    const observer = new Observer(app, socket);
    for (const eventSource of ['channel:', 'bridge:']) {
      await ask(access, 'POST', `/applications/${app}/subscription`, { eventSource });
    }
    return observer;
  }

  get events(): readonly ServerEvent[] {
    return [...this.#events];
  }

  /** When it happened, by this machine's clock, epoch ms. */
  at({ timestamp }: ServerEvent): number {
    return Date.parse(timestamp) + this.#skewMs;
  }

  /** The first event that fits, also one that came before. */
  next(fits: (event: ServerEvent) => boolean): Promise<ServerEvent> {
    const known = this.#events.find(fits);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => {
      const look = (event: ServerEvent) => {
        if (!fits(event)) return;
        this.#listeners.delete(look);
        resolve(event);
      };
      this.#listeners.add(look);
    });
  }

  close(): void {
    this.#socket.close();
  }

  #take(event: ServerEvent): void {
    this.#skewMs = Math.min(this.#skewMs, Date.now() - Date.parse(event.timestamp));
    this.#events.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  }
}
