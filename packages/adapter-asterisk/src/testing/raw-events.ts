import { systemClock } from '@onrecord/core';
import WebSocket from 'ws';
import type { Incoming } from '../json-reader.ts';
import type { AsteriskAccess } from './server/index.ts';

/** A socket of the server as anybody may open it, without the driver. */
export interface RawEvents extends AsyncDisposable {
  readonly all: readonly Incoming[];
  /** The first event of this type, whenever it comes. @throws Error after 5 s. */
  next(type: string): Promise<Incoming>;
}

export async function listenRaw(
  { url, username, password }: AsteriskAccess,
  app: string,
  options: { readonly subscribeAll?: boolean } = {},
): Promise<RawEvents> {
  const all: Incoming[] = [];
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const query = `app=${app}&subscribeAll=${options.subscribeAll === true}`;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/events?${query}`, { headers: { authorization } });
  socket.on('message', (data: Buffer) => all.push(JSON.parse(data.toString('utf8')) as Incoming));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    all,
    async next(type) {
      for (let look = 0; look < 500; look++) {
        const found = all.find((event) => event['type'] === type);
        if (found) return found;
        await systemClock.delay(10);
      }
      throw new Error(`no ${type} within 5 s, but ${all.map((event) => String(event['type'])).join(', ')}`);
    },
    async [Symbol.asyncDispose]() {
      socket.terminate();
    },
  };
}
