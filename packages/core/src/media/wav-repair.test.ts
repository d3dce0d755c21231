import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { diagnoseWav, interleave, readWav, repairWav, type WavDiagnosis, wavBytes } from './index.ts';
import { keptBytes } from './testing/kept-bytes.ts';
import { repairedCopy } from './wav-repair.ts';

const audio = fc
  .record({ sampleRate: fc.integer({ min: 1, max: 96_000 }), channelCount: fc.integer({ min: 1, max: 4 }) })
  .chain(({ sampleRate, channelCount }) =>
    fc.integer({ min: 0, max: 60 }).chain((frames) =>
      fc.record({
        sampleRate: fc.constant(sampleRate),
        channels: fc.array(fc.int16Array({ minLength: frames, maxLength: frames }), {
          minLength: channelCount,
          maxLength: channelCount,
        }),
      }),
    ),
  );

const sizes = fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 12 });

/** Opens bytes as often as wanted, in pieces. */
function opener(bytes: Uint8Array, cuts: readonly number[] = []): () => AsyncGenerator<Uint8Array> {
  return async function* () {
    let from = 0;
    for (const size of cuts) {
      yield bytes.subarray(from, from + size);
      from += size;
    }
    yield bytes.subarray(from);
  };
}

async function repaired(bytes: Uint8Array, cuts?: readonly number[]) {
  const { diagnosis, bytes: length, body } = await repairWav(opener(bytes, cuts));
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece.slice());
  const copy = Uint8Array.from(Buffer.concat(pieces));
  if (length !== undefined) expect(copy.length).toBe(length);
  return { diagnosis, copy };
}

function withSizes(bytes: Uint8Array, riff: number, data: number): Uint8Array {
  const broken = bytes.slice();
  const view = new DataView(broken.buffer);
  view.setUint32(4, riff, true);
  view.setUint32(40, data, true);
  return broken;
}

function chunk(id: string, body: readonly number[]): readonly number[] {
  return [...Buffer.from(id), body.length, 0, 0, 0, ...body, ...(body.length % 2 ? [0] : [])];
}

const three = wavBytes({ sampleRate: 8_000, channels: [Int16Array.of(1, 2, 3)] });

describe('a WAV file that was broken off', () => {
  test('plays, repaired, exactly the whole frames that were there, whatever its sizes say and wherever it was cut', async () => {
    const wrong = fc.record({
      riff: fc.constantFrom('zero', 'unknown', 'empty', 'same', 'right'),
      data: fc.oneof(fc.constantFrom(0, 0xffff_ffff, 0x7fff_f000), fc.nat(600)),
      missing: fc.nat(600),
    });
    await fc.assert(
      fc.asyncProperty(audio, wrong, sizes, async (source, { riff, data, missing }, cuts) => {
        const whole = wavBytes(source);
        const cut = whole.subarray(0, Math.max(44, whole.length - missing));
        const announced = { zero: 0, unknown: 0xffff_ffff, empty: 36, same: 36 + data, right: whole.length - 8 }[riff];
        // Samples that look like a chunk inside the RIFF are taken for one: nothing tells them apart.
        const next = cut.subarray(44 + data, 48 + data);
        fc.pre(next.length < 4 || next.some((byte) => byte < 0x20 || byte > 0x7e));
        // A header of an empty file over samples is told by its sizes; over none it is sound.
        const { diagnosis, copy } = await repaired(withSizes(cut, announced, data), cuts);
        const width = source.channels.length;
        const frames = Math.floor((cut.length - 44) / (width * 2));
        const { channels, integrity } = readWav(copy);
        expect([...interleave(channels)]).toEqual([...interleave(source.channels).subarray(0, frames * width)]);
        expect(diagnosis).toMatchObject({ frames, durationMs: (frames * 1000) / source.sampleRate });
        if (diagnosis.problem !== undefined) {
          expect(integrity).toBe('complete');
          expect(diagnosis.lostBytes).toBe((cut.length - 44) % (width * 2));
          expect((await repaired(copy)).copy).toEqual(copy);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  test.each([
    ['zero sizes, as Asterisk leaves it when it is killed', withSizes(three, 0, 0), 3, 0, 'undeclared'],
    ['no sample behind zero sizes', withSizes(three.subarray(0, 44), 0, 0), 0, 0, 'undeclared'],
    ['the sizes of an empty file over samples', withSizes(three, 36, 0), 3, 0, 'undeclared'],
    ['unknown sizes, as a pipe has them', withSizes(three, 0xffff_ffff, 0xffff_ffff), 3, 0, 'undeclared'],
    ['a half frame at its end', withSizes(three.subarray(0, 49), 0, 0), 2, 1, 'undeclared'],
    ['sizes of more than came', three.subarray(0, 48), 2, 0, 'truncated'],
    ['sizes that were written before the last frames', withSizes(three, 38, 2), 3, 0, 'understated'],
    ['the right size, and one of its samples that is late', withSizes(three, 42, 2), 3, 0, 'understated'],
  ])('with %s is told and saved', async (_, broken, frames, lostBytes, integrity) => {
    const { diagnosis, copy } = await repaired(broken);
    expect(diagnosis).toMatchObject({ frames, lostBytes, integrity, problem: expect.any(String) });
    expect(copy).toEqual(wavBytes({ sampleRate: 8_000, channels: [Int16Array.of(1, 2, 3).subarray(0, frames)] }));
  });

  test('of four gibibytes or more is refused, and the reason is RF64', () => {
    const diagnosis: WavDiagnosis = {
      sampleRate: 8_000,
      channelCount: 1,
      frames: 2 ** 31,
      durationMs: 2 ** 31 / 8,
      integrity: 'undeclared',
      problem: 'its header announces no length',
      dataOffset: 44,
      lostBytes: 0,
    };
    expect(() => repairedCopy(diagnosis, opener(three))).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringMatching(/RF64.*4 GiB/) }),
    );
    expect(() => repairedCopy({ ...diagnosis, frames: 2 ** 31 - 50 }, opener(three))).not.toThrow();
  });

  test('is copied without being held', async () => {
    const header = withSizes(three, 0, 0).subarray(0, 44);
    async function* open() {
      yield header;
      for (let count = 0; count < 500; count++) yield new Uint8Array(64 * 1024);
    }
    const limit = (await keptBytes()) + 1024 * 1024;
    const { diagnosis, bytes, body } = await repairWav(open);
    let copied = 0;
    for await (const piece of body) {
      copied += piece.length;
      if (copied % (100 * 64 * 1024) < piece.length) expect(await keptBytes(limit)).toBeLessThan(limit);
    }
    expect(copied).toBe(bytes);
    expect(diagnosis.frames).toBe(500 * 32 * 1024);
  });

  test('and becomes shorter meanwhile is an error, not a copy that promises more', async () => {
    let opened = 0;
    const open = () => opener(withSizes(three, 0, 0).subarray(0, opened++ === 0 ? 50 : 48))();
    const { body } = await repairWav(open);
    await expect(
      (async () => {
        for await (const _ of body);
      })(),
    ).rejects.toMatchObject({ code: 'integrity-failed', message: expect.stringMatching(/shorter/) });
  });

  test('before its samples began has nothing that could be saved', async () => {
    for (let length = 0; length < 44; length++) {
      await expect(repairWav(opener(three.subarray(0, length))), `${length} bytes`).rejects.toMatchObject({
        code: 'integrity-failed',
      });
    }
  });
});

describe('a sound WAV file', () => {
  test('is handed out as it is, and nothing is said of it', async () => {
    await fc.assert(
      fc.asyncProperty(audio, sizes, async (source, cuts) => {
        const bytes = wavBytes(source);
        const { diagnosis, copy } = await repaired(bytes, cuts);
        expect(diagnosis).toMatchObject({ integrity: 'complete', lostBytes: 0 });
        expect(diagnosis.problem).toBeUndefined();
        expect(copy).toEqual(bytes);
      }),
    );
  });

  test.each([
    ['announced', [...chunk('LIST', [1, 2, 3]), ...chunk('id3 ', [4])], true],
    ['not announced', [...chunk('LIST', [1, 2, 3]), ...chunk('id3 ', [4])], false],
    ['announced and broken off', chunk('LIST', [1, 2, 3, 4, 5, 6, 7, 8]).slice(0, 9), true],
  ])('with chunks behind its samples, %s, keeps them', async (_, chunks, isAnnounced) => {
    const bytes = Uint8Array.from([...three, ...chunks]);
    const riff = three.length - 8 + (isAnnounced ? 32 : 0);
    const sound = withSizes(bytes, riff, 6);
    for (const cuts of [[], [45, 3, 3, 2, 1, 1, 1, 1], Array.from({ length: 60 }, () => 1)]) {
      const { diagnosis, copy } = await repaired(sound, cuts);
      expect(diagnosis).toMatchObject({ integrity: 'complete', frames: 3 });
      expect(copy).toEqual(sound);
    }
  });
});

test('any bytes give a diagnosis or the typed error', async () => {
  const edits = fc.array(fc.tuple(fc.nat(three.length - 1), fc.nat(255)), { maxLength: 8 });
  const damaged = edits.map((list) =>
    list.reduce((bytes, [at, value]) => bytes.fill(value, at, at + 1), three.slice()),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 80 }), damaged), async (bytes) => {
      try {
        await diagnoseWav(opener(bytes)());
      } catch (error) {
        expect(OnRecordError.is(error)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});
