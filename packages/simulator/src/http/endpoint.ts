import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What a simulator answers; `body` is sent whole, with its length, unless the headers say otherwise. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>> | undefined;
  readonly body?: string | Uint8Array | undefined;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A listening server of this process, reachable from this machine only. */
export interface Endpoint {
  readonly port: number;
  /** `http://127.0.0.1:<port>` (or `https:`), without a slash at the end. */
  readonly origin: string;
  /** Stops listening and destroys open connections; resolves when none is left. Calling it again does nothing. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** @default 0, a free port */
  readonly port?: number | undefined;
  /** PEM texts; given, the endpoint speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

/**
 * Listens on 127.0.0.1. An error thrown by `handler` is a defect of the simulator: it is answered as 500 with its stack.
 * @throws the `listen` error, e.g. EADDRINUSE with the port in its message.
 */
export async function listen(handler: RequestHandler, options: ListenOptions = {}): Promise<Endpoint> {
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    handler(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      sendAnswer(request, response, { status: 500, headers: { 'content-type': 'text/plain' }, body: text });
    });
  };
  const server: Server = options.tls ? createSecureServer(options.tls, onRequest) : createServer(onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    port,
    origin: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    close: () => {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

/** Sends a whole answer; a HEAD request gets its headers, content-length included, and no body. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const body = answerBody(answer);
  response.writeHead(answer.status, headersOf(answer, body));
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The bytes of an answer; empty when it has no body. */
export function answerBody(answer: Answer): Uint8Array {
  return typeof answer.body === 'string' ? Buffer.from(answer.body) : (answer.body ?? new Uint8Array());
}

/** The headers to send with an answer: its own, and the content-length where a body may be. */
export function headersOf(answer: Answer, body: Uint8Array): Record<string, string | number | string[]> {
  const headers: Record<string, string | number | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    headers[name.toLowerCase()] = typeof value === 'object' ? [...value] : value;
  }
  const bodiless = answer.status === 204 || answer.status === 304;
  if (!bodiless && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    headers['content-length'] = body.byteLength;
  }
  return headers;
}
