import { toneLevel } from '@onrecord/core/media';
import { decodeMp4Audio, encodeMp4Audio } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { formatChunkKey } from './chunk-key.ts';
import type { ChunkSource } from './chunk-source.ts';
import { measureMp4 } from './mp4-file.ts';
import { type Remuxed, remuxChunks } from './remux.ts';

const rate = 8_000;
const began = Date.UTC(2026, 0, 5, 9, 0, 0, 123);
const signal = new AbortController().signal;

const tone = (hz: number, ms: number, fromMs = 0) =>
  Int16Array.from({ length: (rate * ms) / 1_000 }, (_, index) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * hz * (index + (rate * fromMs) / 1_000)) / rate)),
  );

interface Piece {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

const piece = async (atMs: number, hz: number, ms = 5_000, picture = false): Promise<Piece> => ({
  atMs,
  bytes: await encodeMp4Audio(tone(hz, ms, atMs), rate, { picture }),
});

function sourceOf(pieces: readonly Piece[]): ChunkSource & { readonly open: ChunkSource['open']; most: number } {
  const files = new Map(
    pieces.map(({ atMs, bytes }) => [`m/${formatChunkKey({ stream: 'audio', startMs: began + atMs })}`, bytes]),
  );
  let open = 0;
  const source = {
    most: 0,
    async *list(prefix: string) {
      for (const [key, bytes] of files) if (key.startsWith(prefix)) yield { key, bytes: bytes.length };
    },
    async open(key: string, { range }: Parameters<ChunkSource['open']>[1]) {
      open += 1;
      source.most = Math.max(source.most, open);
      await Promise.resolve();
      open -= 1;
      const bytes = files.get(key) ?? new Uint8Array(0);
      return range ? bytes.subarray(range.first, range.last + 1) : bytes;
    },
  };
  return source;
}

async function remux(source: ChunkSource, video = false) {
  let done: Remuxed | undefined;
  const pieces: Uint8Array[] = [];
  for await (const bytes of remuxChunks(source, 'm/audio/', {
    signal,
    video,
    snapMs: 500,
    onDone: (what) => {
      done = what;
    },
  })) {
    pieces.push(bytes);
  }
  const largest = Math.max(...pieces.map(({ length }) => length));
  return { bytes: new Uint8Array(Buffer.concat(pieces)), pieces: pieces.length, largest, done: done! };
}

const levels = (samples: Int16Array, fromMs: number, toMs: number) => {
  const span = samples.subarray((rate * fromMs) / 1_000, (rate * toMs) / 1_000);
  return { ann: toneLevel(span, rate, 440), bob: toneLevel(span, rate, 1_000) };
};

describe('a remux of chunks', () => {
  test('holds every chunk in its place, to the millisecond', async () => {
    const { bytes, done } = await remux(
      sourceOf([await piece(0, 440), await piece(5_000, 1_000), await piece(10_000, 440, 2_500)]),
    );
    const { channels, durationMs } = await decodeMp4Audio(bytes);
    expect(durationMs).toBeCloseTo(12_500, 0);
    expect(done).toEqual({ chunks: 3, skipped: 0, skippedKeys: [], durationMs: 12_500, audioMs: 12_500 });
    const [samples] = channels as [Int16Array];
    expect(levels(samples, 500, 4_500)).toMatchObject({
      ann: expect.toSatisfy(audible),
      bob: expect.toSatisfy(silent),
    });
    expect(levels(samples, 5_500, 9_500)).toMatchObject({
      ann: expect.toSatisfy(silent),
      bob: expect.toSatisfy(audible),
    });
    expect(levels(samples, 10_500, 12_000)).toMatchObject({ ann: expect.toSatisfy(audible) });
  });

  test('is the same sound across what was muxed apart, and numbers its fragments through', async () => {
    const pieces = await Promise.all(Array.from({ length: 14 }, (_, index) => piece(index * 5_000, 440)));
    const { bytes } = await remux(sourceOf(pieces));
    const { channels, durationMs } = await decodeMp4Audio(bytes);
    expect(durationMs).toBeCloseTo(70_000, 0);
    const whole = await decodeMp4Audio(await encodeMp4Audio(tone(440, 70_000), rate));
    const middle = (samples: Int16Array) => samples.subarray(rate * 31, rate * 33);
    const [joined, coded] = [middle(channels[0]!), middle(whole.channels[0]!)];
    const off = joined.reduce((sum, sample, index) => sum + Math.abs(sample - coded[index]!), 0) / joined.length;
    expect(off).toBeLessThan(400);
    const text = Buffer.from(bytes);
    const numbers: number[] = [];
    for (let at = text.indexOf('mfhd'); at >= 0; at = text.indexOf('mfhd', at + 4))
      numbers.push(text.readUInt32BE(at + 8));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(text.indexOf('moov')).toBe(text.lastIndexOf('moov'));
  });

  test('is silent for as long as a chunk is missing, and what follows lies where it belongs', async () => {
    const { bytes, done } = await remux(sourceOf([await piece(0, 440), await piece(10_000, 1_000)]));
    const { channels, durationMs } = await decodeMp4Audio(bytes);
    expect([Math.round(durationMs), Math.round(done.durationMs), Math.round(done.audioMs)]).toEqual([
      15_000, 15_000, 10_000,
    ]);
    expect(levels(channels[0]!, 5_500, 9_500)).toMatchObject({
      ann: expect.toSatisfy(silent),
      bob: expect.toSatisfy(silent),
    });
    expect(levels(channels[0]!, 10_500, 14_500)).toMatchObject({ bob: expect.toSatisfy(audible) });
  });

  test('takes a chunk that begins a little early or late for one that follows at once', async () => {
    const { done } = await remux(sourceOf([await piece(0, 440), await piece(5_120, 440), await piece(9_900, 440)]));
    expect(done.durationMs).toBeCloseTo(15_000, 3);
  });

  test.each([
    ['empty', async () => new Uint8Array(0)],
    ['damaged', async () => new TextEncoder().encode('<Error>Internal</Error>')],
    ['cut off', async () => (await piece(5_000, 440)).bytes.subarray(0, 900)],
  ])('leaves out a chunk that is %s, and says so', async (_, bytes) => {
    const { done } = await remux(
      sourceOf([await piece(0, 440), { atMs: 5_000, bytes: await bytes() }, await piece(10_000, 440)]),
    );
    expect([done.skipped, ...done.skippedKeys]).toEqual([1, 'm/audio/2026-01-05-09-00-05-123.mp4']);
    expect([Math.round(done.durationMs), Math.round(done.audioMs)]).toEqual([15_000, 10_000]);
  });

  test('begins with the first chunk that can be read', async () => {
    const { done } = await remux(sourceOf([{ atMs: 0, bytes: new Uint8Array(0) }, await piece(5_000, 440)]));
    expect([done.chunks, Math.round(done.durationMs)]).toEqual([2, 5_000]);
  });

  test('shows the picture of the chunks, and stands still where nobody was seen', async () => {
    const source = sourceOf([
      await piece(0, 440, 5_000, true),
      await piece(5_000, 440),
      await piece(10_000, 440, 5_000, true),
    ]);
    const { bytes } = await remux(source, true);
    const measured = await measureMp4(fileSource(bytes), 'f', bytes.length, signal);
    expect(measured).toMatchObject({ hasVideo: true, codec: 'opus' });
    expect(measured?.audioMs).toBeCloseTo(15_000, 0);
    const without = await remux(source, false);
    expect(await measureMp4(fileSource(without.bytes), 'f', without.bytes.length, signal)).toMatchObject({
      hasVideo: false,
    });
  });

  test('is the same file whenever it is made, and says when the meeting was', async () => {
    const source = sourceOf([await piece(0, 440), await piece(5_000, 440)]);
    const [one, two] = [await remux(source), await remux(source)];
    expect(Buffer.from(one.bytes).equals(two.bytes)).toBe(true);
    const mvhd = Buffer.from(one.bytes).indexOf('mvhd');
    const created = Buffer.from(one.bytes).readUInt32BE(mvhd + 8);
    expect(created - 2_082_844_800).toBe(Math.floor(began / 1_000));
  });

  test('streams: it hands out bytes on its way, and holds a few chunks at a time', async () => {
    const chunk = await piece(0, 440);
    const source = sourceOf(Array.from({ length: 40 }, (_, index) => ({ ...chunk, atMs: index * 5_000 })));
    const { bytes, pieces, largest, done } = await remux(source);
    expect((await decodeMp4Audio(bytes)).durationMs).toBeCloseTo(200_000, 0);
    expect(done.chunks).toBe(40);
    expect(pieces).toBeGreaterThan(30);
    expect(largest).toBeLessThan(100_000);
    expect(source.most).toBeLessThanOrEqual(6);
  });

  test('of nothing that can be read is refused', async () => {
    await expect(remux(sourceOf([{ atMs: 0, bytes: new Uint8Array(4) }]))).rejects.toMatchObject({
      code: 'integrity-failed',
      message: expect.stringContaining('m/audio/'),
    });
  });
});

describe('measuring a file', () => {
  test('reads its index and not its sound', async () => {
    const bytes = await encodeMp4Audio(tone(440, 240_000), rate);
    let read = 0;
    const file = fileSource(bytes, (count) => {
      read += count;
    });
    expect((await measureMp4(file, 'f', bytes.length, signal))?.audioMs).toBeCloseTo(240_000, 0);
    expect(read).toBeLessThan(bytes.length * 0.6);
  });

  test('knows no duration of what is no recording', async () => {
    const bytes = new TextEncoder().encode('<html>');
    expect(await measureMp4(fileSource(bytes), 'f', bytes.length, signal)).toBeUndefined();
    expect(await measureMp4(fileSource(bytes), 'f', 0, signal)).toBeUndefined();
  });

  test('throws what hinders the reading: that says nothing about the file', async () => {
    const file: ChunkSource = {
      ...fileSource(new Uint8Array(1_000)),
      open: async () => {
        throw new Error('Access Denied');
      },
    };
    await expect(measureMp4(file, 'f', 1_000, signal)).rejects.toThrow('Access Denied');
  });
});

function fileSource(bytes: Uint8Array, onRead?: (count: number) => void): ChunkSource {
  return {
    async *list() {},
    async open(_key, { range }) {
      const part = range ? bytes.subarray(range.first, range.last + 1) : bytes;
      onRead?.(part.length);
      return part;
    },
  };
}

function audible(level: number): boolean {
  return level > -30;
}

function silent(level: number): boolean {
  return level < -45;
}
