import { VirtualClock } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { kitClock } from './kit-clock.ts';

test.each([
  [1_250, 1_300],
  [19_999, 20_000],
  [61_250, 62_000],
])('what settles after %i ms is there after %i', async (ms, seen) => {
  using clock = new VirtualClock();
  const work = clock.delay(ms).then(() => 'done');
  expect(await kitClock(clock).until(work)).toBe('done');
  expect(clock.monotonic()).toBe(seen);
});

test.each([5_000, 90_000])(
  'what settles in no %i ms is waited for no longer, and a failure is told',
  async (limitMs) => {
    using clock = new VirtualClock();
    const kit = kitClock(clock);
    await expect(kit.until(new Promise(() => {}), limitMs)).rejects.toThrow('nothing settled');
    expect(clock.monotonic()).toBe(limitMs);
    await expect(kit.until(clock.delay(40_000).then(() => Promise.reject(new Error('broken'))))).rejects.toThrow(
      'broken',
    );
  },
);
