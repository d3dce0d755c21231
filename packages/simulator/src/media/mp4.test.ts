import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnRecordError } from '@onrecord/core';
import { dominantTone, rmsLevel, toneLevel, wavBytes } from '@onrecord/core/media';
import fc from 'fast-check';
import { BufferSource, type EncodedPacket, EncodedPacketSink, Input, MP4 } from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { decodeAudio, decodeMp4Audio, encodeMp4Audio } from './index.ts';

type Rate = 8000 | 16_000 | 48_000;

function sine(frequencyHz: number, dbfs: number, sampleRate: number, frames: number): Int16Array {
  const amplitude = 32_767 * 10 ** (dbfs / 20);
  const step = (2 * Math.PI * frequencyHz) / sampleRate;
  return Int16Array.from({ length: frames }, (_, index) => Math.round(amplitude * Math.sin(step * index)));
}

const sum = (a: Int16Array, b: Int16Array): Int16Array => a.map((sample, index) => sample + (b[index] ?? 0));

/** Away from the first and last 40 ms, where a tone that starts at full level rings. */
const steady = (samples: Int16Array, sampleRate: number): Int16Array =>
  samples.subarray(0.04 * sampleRate, samples.length - 0.04 * sampleRate);

async function roundTrip(samples: Int16Array, sampleRate: Rate): Promise<Int16Array> {
  const decoded = await decodeMp4Audio(await encodeMp4Audio(samples, sampleRate));
  expect(decoded).toMatchObject({ sampleRate, codec: 'opus', channels: { length: 1 } });
  return decoded.channels[0] ?? new Int16Array(0);
}

describe.each([8000, 16_000, 48_000] as const)('Opus in MP4 at %i Hz', (sampleRate) => {
  test('a tone keeps its pitch and its level within 1 dB', async () => {
    const heard = steady(await roundTrip(sine(440, -12, sampleRate, sampleRate), sampleRate), sampleRate);
    const tone = dominantTone(heard, sampleRate);
    expect(tone?.frequencyHz).toBeCloseTo(440, 0);
    expect(Math.abs((tone?.dbfs ?? 0) + 12)).toBeLessThan(1);
  });

  test('two tones stay apart: a voice that is not there is 35 dB below one that is', async () => {
    const one = sine(440, -12, sampleRate, sampleRate);
    const both = steady(await roundTrip(sum(one, sine(1000, -12, sampleRate, sampleRate)), sampleRate), sampleRate);
    expect(Math.abs(toneLevel(both, sampleRate, 440) + 12)).toBeLessThan(1);
    expect(Math.abs(toneLevel(both, sampleRate, 1000) + 12)).toBeLessThan(1);
    const alone = steady(await roundTrip(one, sampleRate), sampleRate);
    expect(toneLevel(alone, sampleRate, 1000)).toBeLessThan(-47);
  });

  test('silence stays below −60 dBFS, also between two tones', async () => {
    const samples = new Int16Array(3 * sampleRate);
    samples.set(sine(440, -6, sampleRate, sampleRate), 0);
    samples.set(sine(440, -6, sampleRate, sampleRate), 2 * sampleRate);
    const heard = await roundTrip(samples, sampleRate);
    expect(rmsLevel(steady(heard.subarray(sampleRate, 2 * sampleRate), sampleRate))).toBeLessThan(-60);
    expect(rmsLevel(await roundTrip(new Int16Array(sampleRate), sampleRate))).toBeLessThan(-60);
  });

  test('is as long as what went in, to the sample, and begins with it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: sampleRate / 4 }), async (frames) => {
        expect(await roundTrip(new Int16Array(frames), sampleRate)).toHaveLength(frames);
      }),
      { numRuns: 25 },
    );
    const click = new Int16Array(sampleRate);
    click.fill(20_000, 0.5 * sampleRate, 0.502 * sampleRate);
    const heard = await roundTrip(click, sampleRate);
    const loudest = heard.reduce(
      (best, sample, index) => (Math.abs(sample) > Math.abs(heard[best] ?? 0) ? index : best),
      0,
    );
    expect(Math.abs((loudest * 1000) / sampleRate - 501)).toBeLessThan(2);
  });
});

describe('a picture', () => {
  const samples = sine(440, -12, 8000, 20_133);

  test('is there when it is asked for, as long as the sound, and leaves the sound alone', async () => {
    const [heard, seen] = [await encodeMp4Audio(samples, 8000), await encodeMp4Audio(samples, 8000, { picture: true })];
    expect(await tracksOf(heard)).toEqual([{ type: 'audio', codec: 'opus', seconds: 20_133 / 8000 }]);
    expect(await tracksOf(seen)).toEqual([
      { type: 'audio', codec: 'opus', seconds: 20_133 / 8000 },
      { type: 'video', codec: 'avc', seconds: expect.closeTo(20_133 / 8000, 4) },
    ]);
    expect(await decodeMp4Audio(seen)).toEqual(await decodeMp4Audio(heard));
  });

  test('can be found from anywhere: every frame is a whole one, and no neighbours are the same', async () => {
    const bytes = await encodeMp4Audio(samples, 8000, { picture: true });
    using input = new Input({ formats: [MP4], source: new BufferSource(bytes) });
    const track = (await input.getPrimaryVideoTrack())!;
    expect([track.codedWidth, track.codedHeight]).toEqual([256, 144]);
    const frames: EncodedPacket[] = [];
    for await (const packet of new EncodedPacketSink(track).packets()) frames.push(packet);
    expect(frames.map(({ type, timestamp }) => [type, timestamp])).toEqual([0, 1, 2].map((at) => ['key', at]));
    expect(frames[1]?.data).not.toEqual(frames[0]?.data);
    expect(frames[2]?.data).toEqual(frames[0]?.data);
  });

  test('is decoded by ffmpeg without a complaint', async ({ skip }) => {
    if (spawnSync('ffmpeg', ['-version']).error) skip('ffmpeg is not installed');
    const input = await encodeMp4Audio(samples, 8000, { picture: true });
    const decoded = spawnSync('ffmpeg', ['-v', 'error', '-f', 'mp4', '-i', 'pipe:0', '-f', 'null', '-'], { input });
    expect([decoded.status, decoded.stderr.toString()]).toEqual([0, '']);
  });
});

async function tracksOf(bytes: Uint8Array) {
  using input = new Input({ formats: [MP4], source: new BufferSource(bytes) });
  const tracks = await input.getTracks();
  return Promise.all(
    tracks.map(async (track) => ({ type: track.type, codec: track.codec, seconds: await track.computeDuration() })),
  );
}

test('ffprobe reads the file as Opus of the true duration', async ({ skip }) => {
  if (spawnSync('ffprobe', ['-version']).error) skip('ffprobe is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-mp4-'));
  try {
    const file = join(folder, 'tone.mp4');
    writeFileSync(file, await encodeMp4Audio(sine(440, -12, 8000, 20_133), 8000));
    const entries = 'format=duration:stream=codec_name,channels,sample_rate,duration';
    const probe = spawnSync('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'json', file], {
      encoding: 'utf8',
    });
    expect(probe.stderr).toBe('');
    const { streams, format } = JSON.parse(probe.stdout) as {
      readonly streams: readonly {
        readonly codec_name: string;
        readonly channels: number;
        readonly sample_rate: string;
      }[];
      readonly format: { readonly duration: string };
    };
    expect(streams).toMatchObject([{ codec_name: 'opus', channels: 1, sample_rate: '48000' }]);
    expect(Math.abs(Number(format.duration) * 1000 - 20_133 / 8)).toBeLessThan(25);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('what cannot be decoded is refused by name', () => {
  test('bytes that are no MP4, a cut file, another container', async () => {
    const whole = await encodeMp4Audio(sine(440, -12, 8000, 8000), 8000);
    await expect(decodeMp4Audio(new TextEncoder().encode('<html>403</html>'))).rejects.toMatchObject({
      code: 'integrity-failed',
    });
    await expect(decodeMp4Audio(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({
      code: 'integrity-failed',
    });
    await expect(decodeMp4Audio(new Uint8Array(0))).rejects.toMatchObject({ code: 'integrity-failed' });
    await expect(decodeAudio(whole, 'webm')).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('a file cut off anywhere is refused, never read as a shorter recording', async () => {
    const whole = await encodeMp4Audio(sine(440, -12, 8000, 2000), 8000);
    for (let length = 0; length < whole.length; length += 7) {
      await expect(decodeMp4Audio(whole.subarray(0, length)), `${length} bytes`).rejects.toSatisfy(OnRecordError.is);
    }
  });

  test('a truncated WAV file is no measurement', async () => {
    const bytes = wavBytes({ sampleRate: 8000, channels: [new Int16Array(80)] });
    expect(await decodeAudio(bytes, 'wav')).toMatchObject({ durationMs: 10, codec: 'pcm-s16' });
    await expect(decodeAudio(bytes.subarray(0, 100), 'wav')).rejects.toMatchObject({ code: 'integrity-failed' });
  });
});
