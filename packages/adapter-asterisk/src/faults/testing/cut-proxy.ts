import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '@onrecord/core';

/** The line between the driver and its server, to be cut. */
export interface CutProxy extends AsyncDisposable {
  /** The same interface as the server's, through this line. */
  readonly url: string;
  /** Connections for events that stand now. */
  readonly events: number;
  /** Breaks every connection for events, without a closing word; requests go on. Until `mend`, none is made again. */
  cutEvents(): void;
  /** Breaks every connection, and makes none again until `mend`. */
  cutAll(): void;
  /** Breaks each connection that has passed this many bytes of its answers. */
  cutAfter(bytes: number): void;
  /** Lets the next request that matches pass, and nothing of its answer; resolves when the server has answered. */
  swallow(request: RegExp): Promise<void>;
  mend(): void;
}

/** Carries connections to `url` through a port of its own. */
export async function openCutProxy(url: string): Promise<CutProxy> {
  const target = new URL(url);
  const lines = new Map<Socket, { readonly far: Socket; isEvents: boolean }>();
  let refused: 'none' | 'events' | 'all' = 'none';
  let limit = Number.POSITIVE_INFINITY;
  let swallowed: { readonly request: RegExp; readonly answered: () => void } | undefined;

  const server: Server = createServer((near) => {
    if (refused === 'all') return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    const line = { far, isEvents: false };
    lines.set(near, line);
    let passed = 0;
    near.once('data', (first: Buffer) => {
      line.isEvents = /\r\nupgrade: *websocket/i.test(first.toString('latin1'));
      if (line.isEvents && refused === 'events') near.resetAndDestroy();
    });
    let isMute: (() => void) | undefined;
    near.on('data', (bytes: Buffer) => {
      if (swallowed?.request.test(bytes.toString('latin1'))) {
        isMute = swallowed.answered;
        swallowed = undefined;
      }
      far.write(bytes);
    });
    near.on('end', () => far.end());
    far.on('data', (bytes: Buffer) => {
      if (isMute) return isMute();
      const rest = Math.max(0, limit - passed);
      passed += bytes.length;
      near.write(bytes.subarray(0, rest));
      // What was passed is to be read before the break is seen.
      if (passed > limit) void systemClock.delay(100).then(() => near.end());
    });
    far.on('end', () => near.end());
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => {
        other.destroy();
        lines.delete(near);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = (which: (isEvents: boolean) => boolean): void => {
    for (const [near, { isEvents }] of lines) if (which(isEvents)) near.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`,
    get events() {
      return [...lines.values()].filter(({ isEvents }) => isEvents).length;
    },
    cutEvents() {
      refused = 'events';
      cut((isEvents) => isEvents);
    },
    cutAll() {
      refused = 'all';
      cut(() => true);
    },
    cutAfter(bytes) {
      limit = bytes;
    },
    swallow(request) {
      const { promise, resolve } = Promise.withResolvers<void>();
      swallowed = { request, answered: resolve };
      return promise;
    },
    mend() {
      refused = 'none';
      limit = Number.POSITIVE_INFINITY;
    },
    async [Symbol.asyncDispose]() {
      cut(() => true);
      server.close();
      await once(server, 'close');
    },
  };
}
