import { readFileSync } from 'node:fs';
import { dominantTone, toneLevel } from '@onrecord/core/media';
import { describe, expect, test } from 'vitest';
import { decodeAudio } from './index.ts';

// 500 ms by libopus: left 440 Hz at -12 dBFS, right 1 kHz at -20 dBFS.
const bytes = readFileSync(new URL('./testing/two-tones.ogg', import.meta.url));

describe('an Ogg Opus file', () => {
  test('sounds as it was recorded: each tone in its channel, at its level, for its time', async () => {
    const { sampleRate, channels, durationMs, codec } = await decodeAudio(bytes, 'ogg');
    expect({ sampleRate, durationMs, codec }).toEqual({ sampleRate: 48_000, durationMs: 500, codec: 'opus' });
    const [left, right] = channels as [Int16Array, Int16Array];
    expect([left.length, right.length]).toEqual([24_000, 24_000]);
    expect(dominantTone(left, sampleRate)?.frequencyHz).toBeCloseTo(440, 0);
    expect(dominantTone(right, sampleRate)?.frequencyHz).toBeCloseTo(1000, 0);
    expect(Math.abs(toneLevel(left, sampleRate, 440) + 12)).toBeLessThan(1);
    expect(Math.abs(toneLevel(right, sampleRate, 1000) + 20)).toBeLessThan(1);
    expect(toneLevel(left, sampleRate, 1000)).toBeLessThan(-40);
    expect(toneLevel(right, sampleRate, 440)).toBeLessThan(-40);
  });

  test('begins with its first sample: no silence of the decoder is left before it', async () => {
    const { sampleRate, channels } = await decodeAudio(bytes, 'ogg');
    const first = channels[0]!.subarray(0, 0.05 * sampleRate);
    expect(Math.abs(toneLevel(first, sampleRate, 440) + 12)).toBeLessThan(2);
  });

  test('that breaks off is no measurement, wherever it does', async () => {
    for (let length = 0; length < bytes.length; length += 97) {
      await expect(decodeAudio(bytes.subarray(0, length), 'ogg'), `${length} bytes`).rejects.toMatchObject({
        code: 'integrity-failed',
      });
    }
  });
});
