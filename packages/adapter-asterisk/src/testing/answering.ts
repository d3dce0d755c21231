import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server on this machine says to a request; undefined drops the connection. */
export type Answering = (request: {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}) =>
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | undefined;

export interface AnsweringServer extends AsyncDisposable {
  readonly url: string;
  /** `METHOD /path` of every request, oldest first. */
  readonly requests: readonly string[];
}

/** A server on a free port of this machine that answers as it is told. */
export async function answering(answer: Answering): Promise<AnsweringServer> {
  const requests: string[] = [];
  const server = createServer((incoming, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    const method = incoming.method ?? '';
    requests.push(`${method} ${decodeURIComponent(pathname)}`);
    const said = answer({ method, path: pathname, query: searchParams, authorization: incoming.headers.authorization });
    if (!said) return void incoming.socket.destroy();
    response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers });
    // Where less comes than was promised, the connection breaks off.
    response.end(said.body, () => {
      if (said.headers?.['content-length'] !== undefined) incoming.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/ari`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
