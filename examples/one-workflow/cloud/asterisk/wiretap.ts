import { once } from 'node:events';
import { createServer, request as http, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as https } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** An answer of the server. */
export interface Answer {
  /** `POST /recordings/live/a%2Fb/pause`, without the query. */
  readonly asked: string;
  readonly status: number;
  /** When it came, epoch ms. */
  readonly at: number;
}

/** Stands between the application and the server, writes down what the server answers, and changes nothing. */
export class Wiretap {
  readonly #answers: Answer[] = [];
  readonly #upstream: URL;
  readonly #server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing));

  private constructor(upstream: URL) {
    this.#upstream = upstream;
    this.#server.on('upgrade', (incoming, socket, head) => this.#join(incoming, socket, head));
  }

  /** @param url base of the REST interface. */
  static async open(url: string): Promise<Wiretap> {
    const wiretap = new Wiretap(new URL(url));
    wiretap.#server.listen({ host: '127.0.0.1', port: 0 });
    await once(wiretap.#server, 'listening');
    return wiretap;
  }

  /** Base of the same interface, as the application is to be told. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#upstream.pathname}`;
  }

  /** So far, in order. */
  get answers(): readonly Answer[] {
    return [...this.#answers];
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #ask({ method, url, headers }: IncomingMessage) {
    const request = this.#upstream.protocol === 'https:' ? https : http;
    return request(new URL(url ?? '/', this.#upstream), { method, headers: { ...headers, host: this.#upstream.host } });
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const sent = this.#ask(incoming);
    incoming.pipe(sent);
    sent.on('error', () => incoming.destroy());
    sent.on('response', (answer) => {
      this.#note(incoming, answer);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
  }

  /** The socket of events: what the server says of it is passed on, and then every byte both ways. */
  #join(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const sent = this.#ask(incoming);
    socket.on('error', () => sent.destroy());
    sent.on('error', () => socket.destroy());
    sent.on('response', (answer) => {
      answer.resume();
      socket.end(`${headOf(answer)}\r\n`);
    });
    sent.on('upgrade', (answer, server, first) => {
      socket.write(`${headOf(answer)}\r\n`);
      socket.write(first);
      server.write(head);
      server.on('error', () => socket.destroy());
      server.on('close', () => socket.destroy());
      socket.on('close', () => server.destroy());
      socket.pipe(server).pipe(socket);
    });
    sent.end();
  }

  #note({ method, url = '' }: IncomingMessage, { statusCode = 0 }: IncomingMessage): void {
    const path = url.slice(this.#upstream.pathname.length).replace(/\?.*$/, '');
    this.#answers.push({ asked: `${method} ${path}`, status: statusCode, at: Date.now() });
  }
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((text, index) => (index % 2 === 0 ? [`${text}: ${rawHeaders[index + 1]}\r\n`] : []));
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}`;
}
