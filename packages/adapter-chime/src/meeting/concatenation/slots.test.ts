import { expect, test } from 'vitest';
import { ConcatenationSlots } from './slots.ts';

test('only so many parts have a concatenation at a time, and one that has may ask again', () => {
  const slots = new ConcatenationSlots({ most: 2, keptMs: 1_000 });
  expect(['a', 'b', 'c', 'a'].map((part) => slots.take(part, 0))).toEqual([true, true, false, true]);
  slots.free('a');
  expect(slots.take('c', 0)).toBe(true);
});

test('what nobody frees is free again in time: another process may have seen its end', () => {
  const slots = new ConcatenationSlots({ most: 1, keptMs: 1_000 });
  slots.take('a', 0);
  expect([slots.take('b', 999), slots.take('b', 1_000)]).toEqual([false, true]);
});
