import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Deliver, Interceptor } from '@onrecord/contract-kit';
import type { InboundRequest } from '@onrecord/core';
import { WebSocket, WebSocketServer } from 'ws';

/** The events of a server on their way to a driver. Each connection of the driver has one of its own to the server. */
export class EventsRelay {
  /** Undefined: events pass as they are. */
  interceptor: Interceptor | undefined;
  readonly #upstream: URL;
  readonly #begun: (recording: string) => void;
  readonly #acceptor = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  /** Of the driver, the newest last. */
  readonly #listening: WebSocket[] = [];
  readonly #sources = new Set<WebSocket>();

  /** @param begun told the name of each recording that an event says has begun. */
  constructor(upstream: URL, begun: (recording: string) => void) {
    this.#upstream = upstream;
    this.#begun = begun;
  }

  /** Connects a driver once the server has taken the connection; what the server refuses is refused alike. */
  connect(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = `${this.#upstream.origin.replace(/^http/, 'ws')}${incoming.url ?? ''}`;
    const { authorization = '' } = incoming.headers;
    const source = new WebSocket(address, { headers: { authorization }, perMessageDeflate: false });
    this.#sources.add(source);
    socket.on('error', () => {});
    source.on('error', () => socket.destroy());
    source.on('unexpected-response', (_request, { statusCode = 502 }) => {
      socket.end(`HTTP/1.1 ${statusCode} Refused\r\ncontent-length: 0\r\n\r\n`);
    });
    source.on('open', () =>
      this.#acceptor.handleUpgrade(incoming, socket, head, (driver) => this.#join(source, driver)),
    );
  }

  close(): void {
    for (const source of this.#sources) source.terminate();
    for (const driver of this.#listening) driver.terminate();
    this.#acceptor.close();
  }

  #join(source: WebSocket, driver: WebSocket): void {
    this.#listening.push(driver);
    source.on('message', (data: Buffer) => {
      this.#note(data);
      const request: InboundRequest = { transport: 'socket', headers: {}, body: new Uint8Array(data) };
      void (this.interceptor ? this.interceptor(request, this.#deliver) : this.#deliver(request)).catch(() => {});
    });
    source.on('close', () => driver.close());
    driver.on('error', () => {});
    driver.on('close', () => {
      source.close();
      this.#sources.delete(source);
      this.#listening.splice(this.#listening.indexOf(driver), 1);
    });
  }

  /** To whoever listens now: a message may be older than the connection. Without one it is lost, as on any socket. */
  readonly #deliver: Deliver = async ({ body }) => {
    const driver = this.#listening.at(-1);
    if (driver?.readyState !== WebSocket.OPEN) return { taken: false };
    await new Promise<void>((resolve) => driver.send(body, { binary: false }, () => resolve()));
    return { taken: true };
  };

  #note(data: Buffer): void {
    const event = JSON.parse(data.toString('utf8')) as {
      readonly type: string;
      readonly recording?: { readonly name: string };
    };
    if (event.type === 'RecordingStarted' && event.recording) this.#begun(event.recording.name);
  }
}
