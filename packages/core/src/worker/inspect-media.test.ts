import { encodeMp4Audio } from '@onrecord/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnRecordError } from '../errors/index.ts';
import { wavBytes } from '../media/index.ts';
import { inspectorFor } from './inspect-media.ts';

function sine(hz: number, rate: number, ms: number): Int16Array {
  return Int16Array.from(
    { length: (rate * ms) / 1000 },
    (_, index) => 8_000 * Math.sin((2 * Math.PI * hz * index) / rate),
  );
}

function inspect(container: 'wav' | 'mp4' | 'mp3', bytes: Uint8Array, pieces: readonly number[] = []): object {
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
  expect(inspect('wav', wav)).toEqual({ durationMs: 250, channels: 2, sampleRateHz: 8_000 });
});

test.each(['wav', 'mp4', 'mp3'] as const)('an empty %s is an integrity error', (container) => {
  expect(() => inspect(container, new Uint8Array(0))).toThrow(
    expect.objectContaining({ code: 'integrity-failed', blame: 'provider' }),
  );
});

test('a file that breaks off anywhere is an integrity error, never a shorter recording', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('wav' as const, 'mp4' as const),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (kind, share) => {
        const bytes = kind === 'wav' ? wav : mp4;
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        expect(() => inspect(kind, cut)).toThrow(OnRecordError);
      },
    ),
  );
});

test('an HTML error page in place of a recording is an integrity error', () => {
  const page = new TextEncoder().encode('<html><body>Bad Request</body></html>');
  expect(() => inspect('mp4', page)).toThrow(expect.objectContaining({ code: 'integrity-failed' }));
  expect(() => inspect('wav', page)).toThrow(expect.objectContaining({ code: 'integrity-failed' }));
});
