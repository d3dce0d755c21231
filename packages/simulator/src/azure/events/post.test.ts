import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@onrecord/core';
import { expect, test } from 'vitest';
import { sendToLoopback } from './post.ts';

/** A clock whose delays end when the test says so. */
function handClock() {
  const delays: { readonly ms: number; readonly signal: AbortSignal | undefined; readonly end: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    delay: (ms, options) =>
      new Promise((resolve, reject) => {
        const signal = options?.signal;
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        delays.push({ ms, signal, end: resolve });
      }),
  };
  return { clock, delays };
}

/** A server that answers `/answer` and nothing else. */
async function taciturn() {
  const server = createServer((request, response) => {
    if (request.url === '/answer') response.writeHead(204).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const request = { method: 'POST', headers: {}, body: '[]' };

test('who does not answer within 30 s has not answered, and the connection is given up', async () => {
  await using app = await taciturn();
  const { clock, delays } = handClock();
  const closed = once(app.server, 'request').then(([, response]) => once(response, 'close'));
  const sent = sendToLoopback({ ...request, url: `${app.url}/never` }, { clock, signal: new AbortController().signal });
  sent.catch(() => undefined);
  await once(app.server, 'request');
  expect(delays.map(({ ms }) => ms)).toEqual([30_000]);
  delays[0]?.end();
  await expect(sent).rejects.toMatchObject({ cause: { message: 'no answer within 30000 ms' } });
  await closed;
});

test('an answer ends the waiting for it', async () => {
  await using app = await taciturn();
  const { clock, delays } = handClock();
  const limits = { clock, signal: new AbortController().signal };
  expect((await sendToLoopback({ ...request, url: `${app.url}/answer` }, limits)).status).toBe(204);
  expect(delays.map(({ signal }) => signal?.aborted)).toEqual([true]);
});

test.each(['http://169.254.169.254/latest', 'https://[2001:db8::1]/', 'http://10.0.0.1/'])(
  'nothing is sent to %s',
  async (url) => {
    const limits = { clock: handClock().clock, signal: new AbortController().signal };
    await expect(sendToLoopback({ ...request, url }, limits)).rejects.toThrow('not an address of this machine');
  },
);
