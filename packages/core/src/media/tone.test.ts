import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dominantTone, rmsLevel, rmsWindows, SILENCE_DBFS, toneLevel, toneWindows } from './index.ts';

const RATE = 8000;

function sine(frequencyHz: number, dbfs: number, durationMs: number, phase = 0): Int16Array {
  const amplitude = 32_767 * 10 ** (dbfs / 20);
  return Int16Array.from({ length: (durationMs * RATE) / 1000 }, (_, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * frequencyHz * index) / RATE + phase)),
  );
}

const sum = (a: Int16Array, b: Int16Array): Int16Array => a.map((sample, index) => sample + (b[index] ?? 0));

describe('tone level', () => {
  test('is the level of the tone, at any frequency, phase and length of a window', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 3400 }),
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        fc.integer({ min: -40, max: 0 }),
        fc.integer({ min: 50, max: 400 }),
        (frequencyHz, phase, dbfs, durationMs) => {
          const samples = sine(frequencyHz, dbfs, durationMs, phase);
          expect(toneLevel(samples, RATE, frequencyHz)).toBeCloseTo(dbfs, 0);
        },
      ),
    );
  });

  test('another tone does not leak into it: 60 dB apart within 100 ms', () => {
    const samples = sine(1000, -6, 100);
    expect(toneLevel(samples, RATE, 440)).toBeLessThan(-66);
    expect(toneLevel(sum(samples, sine(440, -30, 100)), RATE, 440)).toBeCloseTo(-30, 0);
  });

  test('silence and no samples lie on the floor', () => {
    expect(toneLevel(new Int16Array(800), RATE, 440)).toBe(SILENCE_DBFS);
    expect(toneLevel(new Int16Array(0), RATE, 440)).toBe(SILENCE_DBFS);
    expect(rmsLevel(new Int16Array(0))).toBe(SILENCE_DBFS);
  });

  test('RMS uses the same scale: a pure tone reads the same by both', () => {
    expect(rmsLevel(sine(1000, -12, 1000))).toBeCloseTo(-12, 1);
  });
});

describe('windows', () => {
  const beep = new Int16Array(RATE);
  beep.set(sine(440, -10, 300), 0.4 * RATE);

  test('show when a tone began and ended', () => {
    const loud = toneWindows(beep, RATE, 440, { windowMs: 50 }).filter((window) => window.dbfs > -16);
    expect(loud.map((window) => window.fromMs)).toEqual([400, 450, 500, 550, 600, 650]);
    expect(rmsWindows(beep, RATE, { windowMs: 100 }).map((window) => Math.round(window.dbfs))).toEqual([
      -120, -120, -120, -120, -10, -10, -10, -120, -120, -120,
    ]);
  });

  test('overlap when asked to, and only whole windows count', () => {
    const windows = rmsWindows(beep, RATE, { windowMs: 400, hopMs: 250 });
    expect(windows.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [0, 400],
      [250, 650],
      [500, 900],
    ]);
  });
});

describe('dominant tone', () => {
  test('is found to a fraction of a hertz', () => {
    for (const frequencyHz of [312.3, 440, 1000, 2600.7]) {
      const tone = dominantTone(sum(sine(frequencyHz, -10, 1000), sine(700, -30, 1000)), RATE);
      expect(tone?.frequencyHz).toBeCloseTo(frequencyHz, 0);
      expect(tone?.dbfs).toBeCloseTo(-10, 0);
    }
  });

  test('there is none in silence', () => {
    expect(dominantTone(new Int16Array(RATE), RATE)).toBeUndefined();
    expect(dominantTone(new Int16Array(0), RATE)).toBeUndefined();
  });
});
