import { get, type IncomingMessage } from 'node:http';
import { systemClock } from '@onrecord/core';
import { afterEach, expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { BodyTooLargeError, readBody } from './body.ts';
import { type Endpoint, listen, sendAnswer } from './endpoint.ts';
import { FaultScript } from './faults.ts';

let endpoint: Endpoint | undefined;
afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
});

/** A server whose only operation counts how often it was carried out. */
async function counter(clock = systemClock) {
  const faults = new FaultScript(clock);
  const state = { done: 0, origin: '' };
  endpoint = await listen(async (request, response) => {
    await faults.run('Count', request, response, async () => {
      await readBody(request);
      state.done += 1;
      return { status: 200, body: 'abcdefgh' };
    });
  });
  state.origin = endpoint.origin;
  return { faults, state };
}

test('an answer lost leaves the work done', async () => {
  const { faults, state } = await counter();
  faults.next({ match: 'Count', fault: 'drop-before-answer' });
  await expect(fetch(state.origin)).rejects.toThrow();
  expect(state.done).toBe(1);
  expect(await (await fetch(state.origin)).text()).toBe('abcdefgh');
});

test('a drop before the work leaves it undone', async () => {
  const { faults, state } = await counter();
  faults.next({ fault: 'drop-before-work' });
  await expect(fetch(state.origin)).rejects.toThrow();
  expect(state.done).toBe(0);
});

test('a drop in the middle of the body delivers the promised length and fewer bytes', async () => {
  const { faults, state } = await counter();
  faults.next({ fault: { dropAfterBytes: 3 } });
  const response = await fetch(state.origin);
  expect(response.headers.get('content-length')).toBe('8');
  const seen: number[] = [];
  await expect(
    (async () => {
      for await (const chunk of response.body ?? []) seen.push(...chunk);
    })(),
  ).rejects.toThrow();
  expect(Buffer.from(seen).toString()).toBe('abc');
});

test('a canned answer replaces the work for as many matching requests as asked, after those to skip', async () => {
  const { faults, state } = await counter();
  faults.next({ match: 'Other', fault: { status: 500 } });
  faults.next({
    match: (call) => call.method === 'POST',
    fault: { status: 503, headers: { 'retry-after': '7' } },
    times: 2,
    skip: 1,
  });
  const statuses: number[] = [];
  for (let round = 0; round < 4; round++) {
    const response = await fetch(state.origin, { method: 'POST', body: 'x' });
    statuses.push(response.status);
    if (response.status === 503) expect(response.headers.get('retry-after')).toBe('7');
  }
  expect(statuses).toEqual([200, 503, 503, 200]);
  expect(state.done).toBe(2);
  expect(faults.pending()).toBe(1);
  expect(faults.applied().map((applied) => [applied.operation, applied.method])).toEqual([
    ['Count', 'POST'],
    ['Count', 'POST'],
  ]);
});

test('a delay passes on the clock of the simulator, then the fault behind it follows', async () => {
  const waited: number[] = [];
  const clock = {
    ...systemClock,
    delay: async (ms: number) => {
      waited.push(ms);
    },
  };
  const { faults, state } = await counter(clock);
  faults.next({ fault: { delayMs: 30_000, and: { status: 429 } } });
  expect((await fetch(state.origin)).status).toBe(429);
  expect(waited).toEqual([30_000]);
});

test('a body over the limit is refused before it is all in memory', async () => {
  endpoint = await listen(async (request, response) => {
    const outcome = await readBody(request, 10).then(
      () => 'read',
      (error: unknown) => (error instanceof BodyTooLargeError ? `over ${error.limit}` : 'other'),
    );
    sendAnswer(request, response, { status: 413, headers: { connection: 'close' }, body: outcome });
  });
  const response = await fetch(endpoint.origin, { method: 'POST', body: 'eleven bytes' });
  expect(await response.text()).toBe('over 10');
});

test('an endpoint can be closed while a connection is open, twice', async () => {
  const open = await listen(async () => {});
  const pending = fetch(open.origin).catch((error: unknown) => error);
  await Promise.all([open.close(), open.close()]);
  expect(await pending).toBeInstanceOf(Error);
});

test('a port in use is refused with its number', async () => {
  endpoint = await listen(async () => {});
  await expect(listen(async () => {}, { port: endpoint.port })).rejects.toThrow(String(endpoint.port));
});

test('a length that promises more ends in an error, one that promises less in a short body', async () => {
  const { faults, state } = await counter();
  faults.next({ fault: { lengthOff: 2 } });
  const long = await fetch(state.origin);
  expect(long.headers.get('content-length')).toBe('10');
  await expect(long.text()).rejects.toThrow();
  faults.next({ fault: { lengthOff: -3 } });
  const short = await fetch(state.origin);
  expect([short.headers.get('content-length'), await short.text()]).toEqual(['5', 'abcde']);
  expect(state.done).toBe(2);
});

test('a slow body comes in pieces, the rest when the time has come', async () => {
  using clock = new VirtualClock();
  const { faults, state } = await counter(clock);
  faults.next({ fault: { pieceBytes: 3, pieceDelayMs: 1_000 } });
  const response = await new Promise<IncomingMessage>((resolve) => get(state.origin, resolve));
  const body = response.setEncoding('utf8')[Symbol.asyncIterator]();
  expect((await body.next()).value).toBe('abc');
  let more = false;
  const second = body.next().finally(() => {
    more = true;
  });
  await clock.advance(999);
  expect(more).toBe(false);
  await clock.advance(1);
  expect((await second).value).toBe('def');
  await clock.advance(1_000);
  expect((await body.next()).value).toBe('gh');
  await clock.advance(1_000);
  expect((await body.next()).done).toBe(true);
});
