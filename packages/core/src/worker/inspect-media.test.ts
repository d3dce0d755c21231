import { readFileSync } from 'node:fs';
import { encodeMp4Audio } from '@onrecord/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { wavBytes } from '../media/index.ts';
import { inspectorFor, type MediaFacts } from './inspect-media.ts';

function sine(hz: number, rate: number, ms: number): Int16Array {
  return Int16Array.from(
    { length: (rate * ms) / 1000 },
    (_, index) => 8_000 * Math.sin((2 * Math.PI * hz * index) / rate),
  );
}

function inspect(container: 'wav' | 'mp4' | 'mp3' | 'ogg', bytes: Uint8Array, pieces: readonly number[] = []): object {
  const inspector = inspectorFor(container);
  let offset = 0;
  for (const size of pieces) {
    inspector.push(bytes.subarray(offset, offset + size));
    offset += size;
  }
  inspector.push(bytes.subarray(offset));
  return inspector.end();
}

const mp4 = await encodeMp4Audio(sine(440, 8_000, 1_500), 8_000);
const ogg: Uint8Array = readFileSync(new URL('../media/testing/tone-440.ogg', import.meta.url));
const wav = wavBytes({ sampleRate: 8_000, channels: [sine(440, 8_000, 250), sine(880, 8_000, 250)] });

test('an MP4 states its duration and channels, however it is cut into pieces', () => {
  const whole = inspect('mp4', mp4);
  expect(whole).toMatchObject({ channels: 1 });
  expect((whole as { durationMs: number }).durationMs).toBeGreaterThan(1_450);
  expect((whole as { durationMs: number }).durationMs).toBeLessThan(1_550);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 30 }), (pieces) => {
      expect(inspect('mp4', mp4, pieces)).toEqual(whole);
    }),
  );
});

test('a WAV states duration, channels and rate', () => {
  expect(inspect('wav', wav)).toEqual({
    durationMs: 250,
    channels: 2,
    sampleRateHz: 8_000,
    codec: 'pcm_s16le',
  });
});

test('an Ogg file states duration, channels, rate and codec', () => {
  expect(inspect('ogg', ogg)).toEqual({ durationMs: 500, channels: 1, sampleRateHz: 48_000, codec: 'opus' });
});

test.each(['wav', 'mp4', 'mp3', 'ogg'] as const)('an empty %s holds nothing, and says so', (container) => {
  expect(inspect(container, new Uint8Array(0))).toEqual({ durationMs: 0, problem: 'it is empty' });
});

test('an MP4 that breaks off anywhere says so; in its first bytes it is not even one', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (share) => {
      const cut = mp4.subarray(0, Math.max(1, Math.floor(mp4.length * share)));
      if (cut.length < 8) expect(() => inspect('mp4', cut)).toThrow(OnRecordError);
      else expect(inspect('mp4', cut)).toHaveProperty('problem', expect.any(String));
    }),
  );
});

test('a WAV or Ogg file that breaks off anywhere says so, and how much of it there is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('wav' as const, 'ogg' as const),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (kind, share) => {
        const bytes = kind === 'wav' ? wav : ogg;
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        const { problem, durationMs } = inspect(kind, cut) as MediaFacts;
        expect(problem).toBeTruthy();
        if (kind === 'wav') expect(durationMs).toBe(Math.round(Math.floor(Math.max(0, cut.length - 44) / 4) / 8));
        else expect(durationMs).toBeLessThan(500);
      },
    ),
  );
});

test('a WAV whose header announces nothing, as a killed recorder leaves it, is not taken for a sound one', () => {
  const bytes = wav.slice();
  bytes.fill(0, 4, 8).fill(0, 40, 44);
  expect(inspect('wav', bytes)).toMatchObject({
    durationMs: 250,
    problem: expect.stringMatching(/announces no length/),
  });
});

test('an Ogg file with a damaged page is an integrity error', () => {
  const bytes = ogg.slice();
  bytes[bytes.length - 5]! ^= 1;
  expect(() => inspect('ogg', bytes)).toThrow(expect.objectContaining({ code: 'integrity-failed', blame: 'provider' }));
});

test('an HTML error page in place of a recording is an integrity error', () => {
  const page = new TextEncoder().encode('<html><body>Bad Request</body></html>');
  expect(() => inspect('mp4', page)).toThrow(expect.objectContaining({ code: 'integrity-failed' }));
  expect(() => inspect('wav', page)).toThrow(expect.objectContaining({ code: 'integrity-failed' }));
  expect(() => inspect('ogg', page)).toThrow(expect.objectContaining({ code: 'integrity-failed' }));
});
