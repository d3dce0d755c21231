import { expect, test } from 'vitest';
import { offsetsOf } from './sighting.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();

test('offsets are by the server’s clock where it told of every file', () => {
  expect(
    offsetsOf([
      { startedAt: at(20), begunAt: at(900) },
      { startedAt: at(0), begunAt: at(100) },
    ]),
  ).toEqual([20, 0]);
});

test('offsets are by our clock where one event was missed, for two clocks are never compared', () => {
  expect(offsetsOf([{ startedAt: at(20), begunAt: at(900) }, { begunAt: at(1_000) }])).toEqual([0, 100]);
});

test('offsets are none where nothing is known', () => {
  expect(offsetsOf([{}, { startedAt: 'yesterday' }])).toEqual([0, 0]);
  expect(offsetsOf([])).toEqual([]);
});
