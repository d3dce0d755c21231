import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands where an Asterisk should. */
export type Strangeness =
  /** A proxy that says it in a document of its own. */
  | { readonly status: number; readonly html: string }
  /** Somebody who sends everybody elsewhere. */
  | { readonly redirect: string }
  /** Something that takes requests and never answers. */
  | 'silence'
  /** Something that answers in JSON which nobody knows. */
  | { readonly json: unknown };

export interface StrangeServer extends AsyncDisposable {
  readonly url: string;
  /** Authorization headers that it was sent. */
  readonly credentials: readonly string[];
}

export async function openStrangeServer(how: Strangeness): Promise<StrangeServer> {
  const credentials: string[] = [];
  const server = createServer((request, response) => {
    if (request.headers.authorization) credentials.push(request.headers.authorization);
    if (how === 'silence') return;
    if ('redirect' in how) return void response.writeHead(302, { location: how.redirect }).end();
    if ('json' in how) {
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(how.json));
    }
    response.writeHead(how.status, { 'content-type': 'text/html' }).end(how.html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ari`,
    credentials,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
