import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below 32768, where Linux takes the ports of outgoing connections from, so that no other socket strays into a block. */
const FIRST = 20_000;
const BLOCKS = 60;
const SIZE = 200;

/** Ports for one server, its own as long as it runs, and the same after a restart. */
export interface PortBlock extends AsyncDisposable {
  readonly http: number;
  readonly sip: number;
  readonly rtp: { readonly first: number; readonly last: number };
}

/**
 * Claims a block of ports on 127.0.0.1. The claim is a listener on the block's first port: it holds across processes
 * and ends with this one.
 */
export async function claimPorts(): Promise<PortBlock> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let attempt = 0; attempt < BLOCKS; attempt += 1) {
    const first = FIRST + ((start + attempt) % BLOCKS) * SIZE;
    const claim = await listen(first);
    if (claim === undefined) continue;
    const http = await listen(first + 1);
    if (http === undefined) {
      await claim[Symbol.asyncDispose]();
      continue;
    }
    await http[Symbol.asyncDispose]();
    return {
      http: first + 1,
      sip: first + 2,
      rtp: { first: first + 10, last: first + SIZE - 1 },
      [Symbol.asyncDispose]: () => claim[Symbol.asyncDispose](),
    };
  }
  throw new Error(`every port block from ${FIRST} to ${FIRST + BLOCKS * SIZE} on 127.0.0.1 is taken`);
}

async function listen(port: number): Promise<AsyncDisposable | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  server.listen({ host: '127.0.0.1', port });
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}
