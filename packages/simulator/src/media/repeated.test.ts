import { BufferSource, Input, MP4 } from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { decodeMp4Audio, encodeMp4Repeated, encodeMp4Video, mp4Duration } from './index.ts';

async function tracksOf(bytes: Uint8Array): Promise<readonly string[]> {
  using input = new Input({ formats: [MP4], source: new BufferSource(bytes) });
  return (await input.getTracks()).map(({ type, codec }) => `${type} ${codec}`);
}

describe('a file of the same second over and over', () => {
  test('is as long as asked, and can be decoded', async () => {
    const bytes = await encodeMp4Repeated(7.25, { picture: true });
    expect(await tracksOf(bytes)).toEqual(['audio opus', 'video avc']);
    const { durationMs, channels } = await decodeMp4Audio(bytes);
    expect(durationMs).toBe(7_250);
    expect(Math.max(...channels[0]!.subarray(40_000, 50_000))).toBeGreaterThan(1_000);
  });

  test('lasts six hours as well', async () => {
    const bytes = await encodeMp4Repeated(6 * 3_600);
    expect(await mp4Duration(bytes)).toBe(6 * 3_600);
  });
});

test("a camera's file has a picture and no sound", async () => {
  const bytes = await encodeMp4Video(2.5);
  expect(await tracksOf(bytes)).toEqual(['video avc']);
  expect(await mp4Duration(bytes)).toBeCloseTo(2.5, 3);
});

test('what is no MP4 file has no duration', async () => {
  expect(await mp4Duration(new Uint8Array(0))).toBeUndefined();
  expect(await mp4Duration(Buffer.from('hello'))).toBeUndefined();
});
