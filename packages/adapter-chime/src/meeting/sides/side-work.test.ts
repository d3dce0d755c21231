import { Secret } from '@onrecord/core';
import { VirtualClock } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { chimeMeeting } from '../driver.ts';
import { inTime, type SideWork, troubleOf } from './side-work.ts';

const url = 'rtmps://live.example:443/app/live_51_secretkey';

function workOf(clock: VirtualClock, signal: AbortSignal): SideWork {
  const observe = () => {
    throw new Error('nothing is to be told here');
  };
  const client = chimeMeeting({ region: 'us-east-1', bucket: 'recordings' }).native().clients().pipelines;
  return { client, config: { live: {}, always: {} }, accountId: undefined, observe, clock, signal };
}
const hanging = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

test('what hangs holds a recording up for four seconds, and is tried again', async () => {
  using clock = new VirtualClock();
  const before = clock.now();
  const failure = inTime(workOf(clock, new AbortController().signal), hanging);
  const error: unknown = await clock.until(failure.catch((thrown: unknown) => thrown));
  expect(clock.now() - before).toBe(4_000);
  expect(troubleOf(error, undefined)).toEqual({ reason: 'timeout: No answer came within 4000 ms.', again: true });
});

test('what is given up by whoever asked ends at once', async () => {
  using clock = new VirtualClock();
  const giveUp = new AbortController();
  const failure = inTime(workOf(clock, giveUp.signal), hanging);
  giveUp.abort(new Error('enough'));
  await expect(failure).rejects.toThrow('enough');
});

test.each([
  ['the whole address', `Cannot reach ${url}.`],
  ['its path', 'Cannot publish app/live_51_secretkey.'],
  ['its key', 'The key live_51_secretkey is taken.'],
  ['another address', 'Try RTMP://other.example/app/key instead'],
])('a reason with %s shows none of it', (_what, message) => {
  const error = Object.assign(new Error(message), { $metadata: { httpStatusCode: 400 } });
  const { reason, again } = troubleOf(error, new Secret(url));
  expect(reason).toContain('[secret]');
  expect(reason).not.toMatch(/secretkey|other\.example|live\.example/);
  expect(again).toBe(false);
});
