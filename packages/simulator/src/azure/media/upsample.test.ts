import { toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { tone, VOICE_RATE } from '../../call/virtual-call.ts';
import { upsampled } from './upsample.ts';

const second = (frequencyHz: number) => {
  const source = tone(frequencyHz, 0.25);
  return Int16Array.from({ length: VOICE_RATE }, (_, index) => source(index));
};

test.each([200, 1000, 2500, 3400])('a tone of %i Hz stays itself, without an image at the old rate', (frequencyHz) => {
  const doubled = upsampled(second(frequencyHz), 0, 2 * VOICE_RATE);
  const middle = doubled.subarray(200, -200);
  expect(toneLevel(middle, 16_000, frequencyHz)).toBeCloseTo(20 * Math.log10(0.25), 1);
  expect(toneLevel(middle, 16_000, VOICE_RATE - frequencyHz)).toBeLessThan(-75);
});

test('any part equals the same part of the whole', () => {
  const samples = second(440);
  const whole = upsampled(samples, 0, 2 * VOICE_RATE);
  for (const [first, count] of [
    [0, 7],
    [1, 1],
    [4_001, 333],
    [15_990, 10],
  ] as const) {
    expect(upsampled(samples, first, count)).toEqual(whole.slice(first, first + count));
  }
});

test('a constant stays itself and the ends are silent beyond', () => {
  const flat = upsampled(new Int16Array(200).fill(1000), 0, 400);
  expect([...flat.subarray(100, 300)].every((sample) => Math.abs(sample - 1000) <= 1)).toBe(true);
  expect([...upsampled(new Int16Array(10).fill(1000), 400, 4)]).toEqual([0, 0, 0, 0]);
});
