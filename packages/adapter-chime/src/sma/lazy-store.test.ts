import { memorySessionStore, type SessionStore } from '@onrecord/core';
import { VirtualClock } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { handCall, legA } from '../testing/hand-call.ts';
import type { OnCall } from '../testing/sma-scene.ts';
import { createSmaHandler } from './handler.ts';

const recordOnAnswer: OnCall = (notice, turn) => void (notice.type === 'call.connected' && turn.start());
const answered = { InvocationEventType: 'CALL_ANSWERED' } as const;

describe('a store that is loaded', () => {
  test('is loaded once, before the first event where the function waits until it is ready', async () => {
    const shows = memorySessionStore();
    let loads = 0;
    const store = async () => {
      loads += 1;
      return shows;
    };
    const call = handCall({ onCall: recordOnAnswer, store, shows });
    await call.ready;
    expect(loads).toBe(1);
    await call.send(answered);
    await call.succeed();
    expect(loads).toBe(1);
    expect((await call.records())[0]?.snapshot.state).toBe('recording');
  });

  test('that cannot be loaded is logged, keeps no answer, and is tried again', async () => {
    const shows = memorySessionStore();
    let broken = true;
    const store = () => {
      if (broken) throw new Error('no such module');
      return Promise.resolve(shows);
    };
    const call = handCall({ onCall: recordOnAnswer, store, shows });
    await call.ready;
    expect(call.logs).toMatchObject([{ level: 'error', message: 'sma: the store was not loaded' }]);
    const { Actions } = await call.send(answered);
    expect(Actions).toMatchObject([{ Type: 'StartCallRecording' }]);
    expect(await call.records()).toEqual([]);
    broken = false;
    await call.succeed();
    expect((await call.records())[0]?.snapshot.state).toBe('recording');
  });

  test('that never comes is not waited for beyond answerWithinMs, neither when ready nor by an answer', async () => {
    using clock = new VirtualClock();
    const store = () => new Promise<SessionStore>(() => {});
    const call = handCall({ onCall: recordOnAnswer, store, clock, answerWithinMs: 2_000 });
    const before = clock.monotonic();
    await clock.until(call.ready, 10_000);
    expect(clock.monotonic() - before).toBe(2_000);
    const { Actions } = await clock.until(call.send(answered), 10_000);
    expect(clock.monotonic() - before).toBe(4_000);
    expect(Actions).toMatchObject([{ Type: 'StartCallRecording' }]);
  });
});

test.each([
  [3_000, 2_800],
  [60_000, 3_500],
  [1_000, 800],
])('an invocation that ends in %i ms is answered within %i ms, whatever the store does', async (left, within) => {
  using clock = new VirtualClock();
  const store = { ...memorySessionStore(), remember: () => new Promise<never>(() => {}) };
  const handler = createSmaHandler({
    store,
    flow: { requirement: {}, onCall: recordOnAnswer },
    landing: { bucket: 'recordings' },
    clock,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  await handler.ready;
  const before = clock.monotonic();
  const event = {
    SchemaVersion: '1.0',
    Sequence: 1,
    ...answered,
    CallDetails: { TransactionId: 'call', Participants: [legA] },
  };
  const { Actions } = await clock.until(handler(event, { getRemainingTimeInMillis: () => left }), 10_000);
  expect(clock.monotonic() - before).toBe(within);
  expect(Actions).toMatchObject([{ Type: 'StartCallRecording' }]);
});
