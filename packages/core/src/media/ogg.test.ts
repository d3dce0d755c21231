import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { inspectOgg, type OggSummary, readOgg } from './index.ts';
import { OggParser } from './ogg-parser.ts';
import { keptBytes } from './testing/kept-bytes.ts';
import { oggPage, opusHead, opusPacket, opusPages, opusTags } from './testing/ogg-file.ts';

const source = fc.record({
  channels: fc.integer({ min: 1, max: 2 }),
  preSkip: fc.nat(4_000),
  inputSampleRate: fc.constantFrom(0, 8_000, 48_000),
  start: fc.bigInt({ min: 0n, max: 2n ** 40n }),
  pages: fc.array(
    fc.record({ frames: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }), bytes: fc.nat(600) }),
    { minLength: 2, maxLength: 6 },
  ),
  trim: fc.nat(900),
  ended: fc.boolean(),
});

const small = {
  channels: 1,
  preSkip: 312,
  inputSampleRate: 8_000,
  start: 0n,
  pages: [
    { frames: [1, 2, 1], bytes: 40 },
    { frames: [1, 1], bytes: 300 },
  ],
  trim: 100,
  ended: true,
};

function inspect(bytes: Uint8Array, sizes: readonly number[] = []): OggSummary {
  const parser = new OggParser();
  let from = 0;
  for (const size of sizes) {
    parser.push(bytes.subarray(from, from + size));
    from += size;
  }
  parser.push(bytes.subarray(from));
  return parser.end();
}

function refusal(...pages: readonly Uint8Array[]): OnRecordError {
  try {
    inspect(Buffer.concat(pages));
  } catch (error) {
    if (OnRecordError.is(error)) return error;
    throw error;
  }
  throw new Error('was read');
}

/** Frames that are heard of the first pages. */
function heard({ pages, preSkip, trim, ended }: typeof small, count: number = pages.length): number {
  const decoded = pages.slice(0, count).reduce((sum, { frames }) => sum + frames.reduce((a, b) => a + b, 0) * 960, 0);
  return Math.max(0, decoded - preSkip - (ended && count === pages.length ? trim : 0));
}

describe('an Ogg Opus file', () => {
  test('tells channels, pre-skip and its length to the sample, whatever pieces it arrives in', () => {
    fc.assert(
      fc.property(source, fc.array(fc.nat(900), { maxLength: 20 }), (file, sizes) => {
        expect(inspect(Buffer.concat(opusPages(file)), sizes)).toEqual({
          codec: 'opus',
          sampleRate: 48_000,
          channelCount: file.channels,
          preSkip: file.preSkip,
          ...(file.inputSampleRate === 0 ? {} : { inputSampleRate: file.inputSampleRate }),
          frames: heard(file),
          durationMs: heard(file) / 48,
          integrity: file.ended ? 'complete' : 'unterminated',
        });
      }),
    );
  });

  test('cut anywhere is as long as its whole pages, and never complete', () => {
    fc.assert(
      fc.property(source, fc.double({ min: 0, max: 0.9999, noNaN: true }), (file, share) => {
        const pages = opusPages(file);
        const bytes = Buffer.concat(pages);
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        let whole = 0;
        let end = 0;
        while (end + pages[whole]!.length <= cut.length) end += pages[whole++]!.length;
        if (whole < 2) {
          expect(refusal(cut).code).toBe('integrity-failed');
          return;
        }
        const summary = inspect(cut);
        expect(summary.frames).toBe(heard(file, whole - 2));
        expect(summary.integrity).toBe(cut.length > end ? 'truncated' : 'unterminated');
      }),
    );
  });

  test('with any byte changed is an error, or breaks off: never a sound file', () => {
    const bytes = Buffer.concat(opusPages(small));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = damaged[at]! ^ change;
        try {
          const { integrity, frames } = inspect(damaged);
          expect(integrity).toBe('truncated');
          expect(frames).toBeLessThan(heard(small));
        } catch (error) {
          expect(OnRecordError.is(error)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('without any of its pages is an error, or breaks off', () => {
    const pages = opusPages({ ...small, pages: [...small.pages, ...small.pages] });
    for (let missing = 0; missing < pages.length - 1; missing++) {
      expect(refusal(...pages.filter((_, index) => index !== missing)).code).toMatch(/integrity-failed/);
    }
    expect(inspect(Buffer.concat(pages.slice(0, -1))).integrity).toBe('unterminated');
  });

  test('hands out its packets as they were, across pages', () => {
    const long = opusPacket(3, 1_000);
    const bytes = Buffer.concat([
      oggPage({ packets: [opusHead(small)], first: true }),
      oggPage({ packets: [opusTags], sequence: 1 }),
      oggPage({ packets: [opusPacket(1, 3), long.subarray(0, 510)], granule: 960n, sequence: 2, open: true }),
      oggPage({
        packets: [long.subarray(510, 765)],
        granule: 2n ** 64n - 1n,
        sequence: 3,
        continued: true,
        open: true,
      }),
      oggPage({ packets: [long.subarray(765)], granule: 3_840n, sequence: 4, continued: true, last: true }),
    ]);
    const { packets, frames } = readOgg(bytes);
    expect(packets).toEqual([opusPacket(1, 3), long]);
    expect(frames).toBe(3_840 - 312);
  });

  test('of a real encoder is read: 500 ms of a tone', async () => {
    const bytes = readFileSync(new URL('./testing/tone-440.ogg', import.meta.url));
    let released = false;
    async function* pieces() {
      try {
        for (let from = 0; from < bytes.length; from += 100) yield bytes.subarray(from, from + 100);
      } finally {
        released = true;
      }
    }
    expect(await inspectOgg(pieces())).toMatchObject({
      codec: 'opus',
      channelCount: 1,
      preSkip: 312,
      durationMs: 500,
      integrity: 'complete',
    });
    expect(released).toBe(true);
    expect(readOgg(bytes).packets.length).toBeGreaterThan(20);
  });

  test('needs no more memory for a longer file', async () => {
    const parser = new OggParser();
    const [head, tags] = opusPages(small);
    parser.push(head!);
    parser.push(tags!);
    const packets = Array.from({ length: 50 }, () => opusPacket(1, 1_000));
    const before = await keptBytes();
    for (let sequence = 2; sequence < 400; sequence++) {
      parser.push(oggPage({ packets, granule: BigInt(sequence - 1) * 48_000n, sequence }));
    }
    const limit = before + 1024 * 1024;
    expect(await keptBytes(limit)).toBeLessThan(limit);
    expect(parser.end().frames).toBe(398 * 48_000 - 312);
  });
});

test('Vorbis in Ogg is told by its codec', () => {
  const head = new Uint8Array(30);
  head.set(Buffer.from('\u0001vorbis'));
  const view = new DataView(head.buffer);
  view.setUint8(11, 2);
  view.setUint32(12, 8_000, true);
  const bytes = Buffer.concat([
    oggPage({ packets: [head], first: true }),
    oggPage({ packets: [Buffer.from('\u0003vorbis'), Buffer.from('\u0005vorbis')], sequence: 1 }),
    oggPage({ packets: [new Uint8Array(9)], granule: 4_000n, sequence: 2, last: true }),
  ]);
  expect(inspect(bytes)).toMatchObject({
    codec: 'vorbis',
    sampleRate: 8_000,
    channelCount: 2,
    durationMs: 500,
    integrity: 'complete',
  });
});

describe('what is refused', () => {
  const [head, tags, first, second] = opusPages(small) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const other = { first: true, serial: 8 } as const;
  const wrongHead = (at: number, value: number) => {
    const packet = opusHead(small);
    packet[at] = value;
    return oggPage({ packets: [packet], first: true });
  };
  test.each([
    ['nothing', [], 'integrity-failed', /it is empty/],
    ['an error page', [Buffer.from('<html>403</html>')], 'integrity-failed', /does not begin with an Ogg page/],
    ['a RIFF', [Buffer.from('RIFF')], 'integrity-failed', /does not begin with an Ogg page/],
    ['a stream from its middle', [first], 'integrity-failed', /first page of a stream/],
    ['headers alone, broken off', [head, tags.subarray(0, 40)], 'integrity-failed', /before its headers are whole/],
    ['something behind a page', [head, Buffer.alloc(40)], 'integrity-failed', /are no Ogg page/],
    ['a chain', [...opusPages(small), oggPage({ packets: [opusHead(small)], ...other })], 'unsupported', /chained/],
    ['a chain without an end', [head, tags, first, head], 'unsupported', /chained/],
    [
      'several streams at once',
      [head, oggPage({ packets: [opusHead(small)], ...other })],
      'unsupported',
      /multiplexed/,
    ],
    ['a page of another stream', [head, tags, oggPage({ packets: [], serial: 9 })], 'unsupported', /multiplexed/],
    ['pages after the end', [head, tags, first, second, first], 'integrity-failed', /the last/],
    ['a page twice', [head, tags, first, first], 'integrity-failed', /pages are missing/],
    [
      'time that goes back',
      [head, tags, first, oggPage({ packets: [opusPacket(1, 1)], granule: 1n, sequence: 3 })],
      'integrity-failed',
      /back in time/,
    ],
    [
      'a packet without its beginning',
      [head, tags, oggPage({ packets: [opusPacket(1, 1)], sequence: 2, continued: true })],
      'integrity-failed',
      /without its rest/,
    ],
    ['no channels', [wrongHead(9, 0)], 'integrity-failed', /0 channels/],
    ['a newer OpusHead', [wrongHead(8, 16)], 'unsupported', /version 16/],
    ['another codec', [oggPage({ packets: [Buffer.from('Speex   1.2')], first: true })], 'unsupported', /Speex/],
    ['no codec', [oggPage({ packets: [Buffer.from('hello')], first: true })], 'unsupported', /does not name/],
  ])('%s', (_, pages, code, message) => {
    const error = refusal(...pages);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.remedy).toBeTruthy();
  });

  test('any bytes give a summary or the typed error', () => {
    const seed = Buffer.concat(opusPages(small));
    const edits = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 8 });
    const damaged = edits.map((list) =>
      list.reduce((bytes, [at, value]) => bytes.fill(value, at, at + 1), seed.slice()),
    );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), damaged), (bytes) => {
        try {
          inspect(bytes);
        } catch (error) {
          expect(OnRecordError.is(error)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
