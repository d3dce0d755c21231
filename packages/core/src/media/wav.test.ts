import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { interleave, openWav, readWav, type Wav, type WavSummary, wavBytes, wavPieces } from './index.ts';

const samples = (length: number): fc.Arbitrary<Int16Array> => fc.int16Array({ minLength: length, maxLength: length });

const audio = fc
  .record({
    sampleRate: fc.integer({ min: 1, max: 0xffff_ffff }),
    channelCount: fc.integer({ min: 1, max: 6 }),
    frames: fc.integer({ min: 0, max: 40 }),
  })
  .chain(({ sampleRate, channelCount, frames }) =>
    fc.record({
      sampleRate: fc.constant(sampleRate),
      channels: fc.array(samples(frames), { minLength: channelCount, maxLength: channelCount }),
    }),
  );

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

async function streamed(source: AsyncIterable<Uint8Array>): Promise<{ summary: WavSummary; interleaved: number[] }> {
  const { blocks } = await openWav(source);
  const interleaved: number[] = [];
  for (;;) {
    const block = await blocks.next();
    if (block.done) return { summary: block.value, interleaved };
    interleaved.push(...block.value);
  }
}

async function drained(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

function chunk(id: string, body: readonly number[]): number[] {
  const size = body.length;
  return [...Buffer.from(id), size & 255, (size >> 8) & 255, 0, 0, ...body, ...(size % 2 ? [0] : [])];
}

const monoFormat = [1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0];

function riff(...chunks: readonly (readonly number[])[]): Uint8Array {
  const body = chunks.flat();
  const size = body.length + 4;
  return Uint8Array.from([
    ...Buffer.from('RIFF'),
    size & 255,
    (size >> 8) & 255,
    0,
    0,
    ...Buffer.from('WAVE'),
    ...body,
  ]);
}

const refusal = (bytes: Uint8Array): OnRecordError => {
  try {
    readWav(bytes);
  } catch (error) {
    if (OnRecordError.is(error)) return error;
    throw error;
  }
  throw new Error('was read');
};

describe('reading what was written', () => {
  test('gives back rate, channels and every sample, whatever pieces the file arrives in', async () => {
    await fc.assert(
      fc.asyncProperty(audio, fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 12 }), async (source, sizes) => {
        const bytes = wavBytes(source);
        const whole: Wav = readWav(bytes);
        const frames = source.channels[0]?.length ?? 0;
        expect(whole).toEqual({
          sampleRate: source.sampleRate,
          channelCount: source.channels.length,
          channels: source.channels,
          frames,
          durationMs: (frames * 1000) / source.sampleRate,
          integrity: 'complete',
        });
        const { channels: _, ...summary } = whole;
        expect(await streamed(pieces(bytes, sizes))).toEqual({
          summary,
          interleaved: [...interleave(source.channels)],
        });
      }),
      { numRuns: 500 },
    );
  });

  test('writes the same file in pieces as at once', async () => {
    await fc.assert(
      fc.asyncProperty(audio, fc.nat(30), async (source, cut) => {
        const interleaved = interleave(source.channels);
        const format = { sampleRate: source.sampleRate, channelCount: source.channels.length };
        const blocks = [interleaved.subarray(0, cut), interleaved.subarray(cut)];
        const written: number[] = [];
        for await (const piece of wavPieces(format, interleaved.length / source.channels.length, blocks)) {
          written.push(...piece);
        }
        expect(Uint8Array.from(written)).toEqual(wavBytes(source));
      }),
    );
  });
});

describe('files of other writers', () => {
  test('JUNK and LIST chunks of odd length are passed over, before and after the samples', () => {
    const bytes = riff(
      chunk('JUNK', [1, 2, 3]),
      chunk('fmt ', monoFormat),
      chunk('LIST', [9]),
      chunk('data', [1, 0, 2, 0]),
      chunk('LIST', [7, 7, 7]),
    );
    expect(readWav(bytes)).toMatchObject({ frames: 2, integrity: 'complete', channels: [Int16Array.of(1, 2)] });
  });

  test('WAVE_FORMAT_EXTENSIBLE with the PCM subtype is PCM', () => {
    const guid = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
    const format = [0xfe, 0xff, ...monoFormat.slice(2), 22, 0, 16, 0, 4, 0, 0, 0, ...guid];
    const bytes = riff(chunk('fmt ', format), chunk('data', [5, 0]));
    expect(readWav(bytes)).toMatchObject({ sampleRate: 8000, channels: [Int16Array.of(5)] });
  });

  test.each([
    ['0xFFFFFFFF, as a pipe has it', 0xff, 0xff],
    ['0 after a kill that left the whole header open', 0, 0],
    ['0 after a kill that left the header of an empty file', undefined, 0],
  ])('a data size of %s reads to the end and says so', (_, riffByte, dataByte) => {
    const bytes = wavBytes({ sampleRate: 8000, channels: [Int16Array.of(1, 2, 3)] });
    if (riffByte === undefined) bytes.set([36, 0, 0, 0], 4);
    else bytes.fill(riffByte, 4, 8);
    bytes.fill(dataByte, 40, 44);
    expect(readWav(bytes)).toMatchObject({ frames: 3, integrity: 'undeclared' });
  });

  test('a file of no frames is complete', () => {
    const bytes = riff(chunk('fmt ', monoFormat), chunk('data', []));
    expect(readWav(bytes)).toMatchObject({ frames: 0, durationMs: 0, integrity: 'complete' });
    const tagged = riff(chunk('fmt ', monoFormat), chunk('data', []), chunk('LIST', [1, 2]));
    expect(readWav(tagged)).toMatchObject({ frames: 0, integrity: 'complete' });
  });

  test('every frame of a truncated file is read, and the loss is said', () => {
    const bytes = wavBytes({ sampleRate: 8000, channels: [Int16Array.of(1, 2, 3), Int16Array.of(4, 5, 6)] });
    for (let missing = 1; missing <= 12; missing++) {
      const read = readWav(bytes.subarray(0, bytes.length - missing));
      expect(read).toMatchObject({ frames: Math.floor((12 - missing) / 4), integrity: 'truncated' });
    }
  });
});

describe('what is refused', () => {
  test.each([
    ['nothing', new Uint8Array(0), 'integrity-failed', /shorter than a RIFF header/],
    ['an error page', Buffer.from('<!doctype html><title>403 Forbidden</title>'), 'integrity-failed', /RIFF/],
    ['no samples', riff(chunk('fmt ', monoFormat)), 'integrity-failed', /ends before its data chunk/],
    ['samples first', riff(chunk('data', [1, 0])), 'integrity-failed', /before its fmt chunk/],
    ['a short fmt', riff(chunk('fmt ', [1, 0, 1, 0])), 'integrity-failed', /fmt chunk has 4 bytes/],
    ['no channels', riff(chunk('fmt ', [1, 0, 0, 0, ...monoFormat.slice(4)])), 'integrity-failed', /0 channels/],
    ['GSM in RIFF', riff(chunk('fmt ', [49, 0, ...monoFormat.slice(2)])), 'unsupported', /format tag 49/],
    ['24 bits', riff(chunk('fmt ', [...monoFormat.slice(0, 14), 24, 0])), 'unsupported', /24 bits/],
    ['RF64', Buffer.from('RF64\xff\xff\xff\xffWAVEds64', 'latin1'), 'unsupported', /4 GiB/],
  ])('%s', (_, bytes, code, message) => {
    const error = refusal(bytes);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.remedy).toBeTruthy();
  });

  test('any bytes give a WAV or the typed error, and the source is released', async () => {
    const seed = wavBytes({ sampleRate: 8000, channels: [Int16Array.of(1, 2), Int16Array.of(3, 4)] });
    const damaged = fc
      .array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 8 })
      .map((edits) => edits.reduce((bytes, [at, value]) => bytes.fill(value, at, at + 1), seed.slice()));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 80 }), damaged), fc.nat(50), async (bytes, cut) => {
        let released = false;
        async function* source() {
          try {
            yield* pieces(bytes, [cut]);
          } finally {
            released = true;
          }
        }
        try {
          await streamed(source());
        } catch (error) {
          expect(OnRecordError.is(error)).toBe(true);
        }
        expect(released).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('close releases a source whose samples nobody wanted', async () => {
    let released = 0;
    async function* source() {
      try {
        yield wavBytes({ sampleRate: 8000, channels: [Int16Array.of(1)] });
        yield new Uint8Array(9);
      } finally {
        released++;
      }
    }
    const stream = await openWav(source());
    await stream.close();
    await stream.close();
    expect(released).toBe(1);
    expect(stream.format).toEqual({ sampleRate: 8000, channelCount: 1 });
  });

  test('channels of different lengths, no channel, and lengths that RIFF cannot say are not written', async () => {
    const one = Int16Array.of(1);
    expect(() => wavBytes({ sampleRate: 8000, channels: [one, new Int16Array(2)] })).toThrow(/different lengths: 1, 2/);
    expect(() => wavBytes({ sampleRate: 8000, channels: [] })).toThrow(/0 channels/);
    expect(() => wavBytes({ sampleRate: 0, channels: [one] })).toThrow(/sample rate of 0/);
    const format = { sampleRate: 8000, channelCount: 1 };
    for (const frames of [0, 2, 2 ** 31]) {
      await expect(drained(wavPieces(format, frames, [one]))).rejects.toMatchObject({
        code: 'invalid-request',
      });
    }
  });
});
