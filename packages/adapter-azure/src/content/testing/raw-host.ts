import { createServer, type Socket } from 'node:net';
import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import type { Artifact, DriverContext } from '@onrecord/core';
import { VirtualClock } from '@onrecord/simulator';
import { azure } from '../../driver.ts';
import { collect } from '../../testing/scene.ts';

/** What a storage host writes to the socket, byte by byte; then it closes the connection, unless it `stalls`. */
export interface RawAnswer {
  readonly status: string;
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
  /** After the body it says nothing more, and keeps the connection. */
  readonly stalls?: true;
}

export const source = 'https://storage.asm.skype.com/v1/objects/d/content/audio';

/** A storage host that answers each request with the next of these, framed well or badly, and a driver that reaches it. */
export async function rawHost(...answers: readonly RawAnswer[]) {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.add(socket.once('close', close));
    socket.on('error', () => {});
    socket.once('data', (head) => {
      const { status, headers = [], body = '', stalls } = answers[heads.length] ?? { status: '500 Nothing Left' };
      heads.push(head.toString('latin1'));
      socket.write([`HTTP/1.1 ${status}`, 'Connection: close', ...headers, '', ''].join('\r\n'));
      if (stalls) socket.write(body);
      else socket.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const plain = createDefaultHttpClient();
  const driver = azure({
    connectionString: 'endpoint=https://onrecord.communication.azure.com;accesskey=a2V5',
    client: {
      httpClient: {
        sendRequest(request) {
          request.url = `http://127.0.0.1:${port}${new URL(request.url).pathname}`;
          request.allowInsecureConnection = true;
          return plain.sendRequest(request);
        },
      },
    },
  });
  const clock = new VirtualClock();
  const context: DriverContext = { clock, signal: new AbortController().signal };
  return {
    driver,
    context,
    /** Request lines and headers, oldest first. */
    heads,
    /** Resolves once a connection is closed. */
    closed,
    /** Everything from byte `first` on. */
    async read(artifact: Artifact, first = 0): Promise<string> {
      const range = first === 0 ? {} : { range: { first } };
      const { body } = await driver.doOpenArtifact(artifact, range, context);
      return (await collect(body)).toString('latin1');
    },
    async [Symbol.asyncDispose]() {
      clock[Symbol.dispose]();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A file of the storage host, of a role. */
export function file(role: Artifact['role'] = 'master'): Artifact {
  return {
    id: 'p1-master-0',
    mediaKey: 'd',
    partId: 'p1',
    role,
    state: 'available',
    location: source,
    source,
    tracks: [],
  };
}
