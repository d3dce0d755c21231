import { expect, test, vi } from 'vitest';
import { systemClock, timestamp } from './clock.ts';

test('the tests run on the Node release that the workspace pins, not on an older one of the host', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(22);
});

test('an aborted delay rejects with the reason of its signal', async () => {
  const reason = new Error('enough');
  await expect(systemClock.delay(60_000, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('a delay of months lasts months, though a timer would make a millisecond of it', async () => {
  vi.useFakeTimers();
  const month = 30 * 86_400_000;
  let over = false;
  const delay = systemClock.delay(month).then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(month - 1);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await delay;
  vi.useRealTimers();
});

test('a timestamp is RFC 3339 in UTC with milliseconds', () => {
  expect(timestamp(0)).toBe('1970-01-01T00:00:00.000Z');
});
