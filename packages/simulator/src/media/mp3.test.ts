import { spawnSync } from 'node:child_process';
import { dominantTone, rmsLevel, toneLevel } from '@onrecord/core/media';
import { describe, expect, test } from 'vitest';
import { decodeAudio, encodeMp3 } from './index.ts';

type Rate = 8000 | 16_000 | 48_000;

function* inBlocks(samples: Int16Array, size = 4_000): Generator<Int16Array> {
  for (let from = 0; from < samples.length; from += size) yield samples.subarray(from, from + size);
}

const sine = (frequencyHz: number, dbfs: number, sampleRate: number, frames: number): Int16Array =>
  Int16Array.from({ length: frames }, (_, index) =>
    Math.round(32_767 * 10 ** (dbfs / 20) * Math.sin((2 * Math.PI * frequencyHz * index) / sampleRate)),
  );

describe.each([8000, 16_000, 48_000] as const)('MP3 at %i Hz', (sampleRate: Rate) => {
  test('a tone keeps its pitch and its level within 1 dB, and nothing is heard beside it', async () => {
    const file = await encodeMp3(inBlocks(sine(440, -12, sampleRate, 2 * sampleRate)), sampleRate);
    const heard = await decodeAudio(file, 'mp3');
    expect(heard).toMatchObject({ sampleRate, codec: 'mp3', channels: { length: 1 } });
    const steady = heard.channels[0]!.subarray(0.5 * sampleRate, 1.5 * sampleRate);
    expect(dominantTone(steady, sampleRate)?.frequencyHz).toBeCloseTo(440, 0);
    expect(Math.abs(toneLevel(steady, sampleRate, 440) + 12)).toBeLessThan(1);
    expect(toneLevel(steady, sampleRate, 1000)).toBeLessThan(-60);
  });

  test('silence stays silent between two tones, and the file is at most 200 ms longer than what went in', async () => {
    const samples = new Int16Array(3 * sampleRate);
    samples.set(sine(440, -6, sampleRate, sampleRate), 0);
    samples.set(sine(440, -6, sampleRate, sampleRate), 2 * sampleRate);
    const heard = await decodeAudio(await encodeMp3(inBlocks(samples, 777), sampleRate), 'mp3');
    expect(rmsLevel(heard.channels[0]!.subarray(1.3 * sampleRate, 1.9 * sampleRate))).toBeLessThan(-60);
    expect(heard.durationMs).toBeGreaterThan(3_000);
    expect(heard.durationMs).toBeLessThan(3_250);
  });
});

test('48 kbit/s are 6 000 bytes a second', async () => {
  const file = await encodeMp3(inBlocks(new Int16Array(20 * 16_000)), 16_000);
  expect(Math.abs(file.length / 6_000 - 20)).toBeLessThan(0.2);
});

test('a file that breaks off within a frame, and what is no MP3, is no measurement', async () => {
  const file = await encodeMp3(inBlocks(sine(440, -12, 16_000, 8_000)), 16_000);
  for (const bytes of [
    file.subarray(0, file.length - 1),
    file.subarray(0, 300),
    new Uint8Array(0),
    Buffer.from('<html>'),
  ]) {
    await expect(decodeAudio(bytes, 'mp3')).rejects.toMatchObject({ code: 'integrity-failed' });
  }
  expect((await decodeAudio(file.subarray(0, 216 * 5), 'mp3')).durationMs).toBe(5 * 36);
});

test('ffmpeg decodes it without a complaint', async ({ skip }) => {
  if (spawnSync('ffmpeg', ['-version']).error) skip('ffmpeg is not installed');
  const input = await encodeMp3(inBlocks(sine(440, -12, 16_000, 32_000)), 16_000);
  const decoded = spawnSync('ffmpeg', ['-v', 'error', '-f', 'mp3', '-i', 'pipe:0', '-f', 'null', '-'], { input });
  expect([decoded.status, decoded.stderr.toString()]).toEqual([0, '']);
});
