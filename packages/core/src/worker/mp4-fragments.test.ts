import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inspectorFor, type MediaFacts } from './inspect-media.ts';

const u32 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
};
const box = (type: string, ...content: readonly Uint8Array[]) => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, 'latin1'), body]);
};
const zeros = (count: number) => Buffer.alloc(count);

/** A track in units of a millisecond: version and flags, two dates, then the id or the timescale. */
const trak = (id: number) =>
  box('trak', box('tkhd', u32(0, 0, 0, id), zeros(64)), box('mdia', box('mdhd', u32(0, 0, 0, 1_000, 0), zeros(4))));
/** A fragmented file: the movie header claims no duration. */
const file = (tracks: readonly number[], ...fragments: readonly Uint8Array[]) => fileOf(0, tracks, ...fragments);
/** A file whose movie header claims a duration, in milliseconds. */
const fileOf = (durationMs: number, tracks: readonly number[], ...fragments: readonly Uint8Array[]) =>
  Buffer.concat([
    box('ftyp', Buffer.from('isom')),
    box(
      'moov',
      box('mvhd', u32(0, 0, 0, 1_000, durationMs), zeros(80)),
      ...tracks.map(trak),
      box('mvex', ...tracks.map((id) => box('trex', u32(0, id, 1, 40, 0, 0)))),
    ),
    ...fragments.flatMap((fragment) => [fragment, box('mdat', zeros(10))]),
  ]);
const traf = (id: number, from: number, trun: Uint8Array, usual?: number) =>
  box('traf', box('tfhd', usual === undefined ? u32(0, id) : u32(0x08, id, usual)), box('tfdt', u32(0, from)), trun);
/** Samples of a duration of their own, with a size beside it. */
const told = (...durations: readonly number[]) =>
  box('trun', u32(0x301, durations.length, 0), ...durations.map((duration) => u32(duration, 5)));
const counted = (samples: number) => box('trun', u32(0x001, samples, 0));

function inspect(bytes: Uint8Array, pieces: readonly number[] = []): MediaFacts {
  const inspector = inspectorFor('mp4');
  let offset = 0;
  for (const size of pieces) {
    inspector.push(bytes.subarray(offset, offset + size));
    offset += size;
  }
  inspector.push(bytes.subarray(offset));
  return inspector.end();
}

test('a fragmented MP4 lasts as long as its fragments, gaps included', () => {
  const bytes = file([1], box('moof', traf(1, 0, told(20, 20, 20))), box('moof', traf(1, 5_000, told(20, 30))));
  expect(inspect(bytes).durationMs).toBe(5_050);
});

test('a piece of a longer recording, whose fragments go on counting, lasts no longer than itself', () => {
  const later = box('moof', traf(1, 3_600_000, told(20, 20)), traf(2, 3_600_010, told(40)));
  expect(inspect(file([1, 2], later)).durationMs).toBe(50);
});

test('media before the fragments count from the beginning', () => {
  expect(inspect(fileOf(3_000, [1], box('moof', traf(1, 3_000, told(500))))).durationMs).toBe(3_500);
});

test('a movie header that does not know the duration claims none', () => {
  expect(inspect(fileOf(0xffff_ffff, [1], box('moof', traf(1, 0, told(500))))).durationMs).toBe(500);
  expect(inspect(fileOf(0xffff_ffff, [1])).durationMs).toBeUndefined();
});

test('a sample without a duration has that of its fragment, or of its track', () => {
  expect(inspect(file([1], box('moof', traf(1, 0, counted(10), 25)))).durationMs).toBe(250);
  expect(inspect(file([1], box('moof', traf(1, 0, counted(10))))).durationMs).toBe(400);
});

test('the longest track counts', () => {
  const fragment = box('moof', traf(1, 0, told(100)), traf(2, 0, told(100, 200)));
  expect(inspect(file([1, 2], fragment)).durationMs).toBe(300);
});

test('a fragmented MP4 is read however it is cut into pieces', () => {
  const bytes = file([1], box('moof', traf(1, 0, told(20, 20))), box('moof', traf(1, 40, told(20))));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 30 }), (pieces) => {
      expect(inspect(bytes, pieces).durationMs).toBe(60);
    }),
  );
});

test('what is damaged in a fragment is left out, and never an endless loop', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      const bytes = file([1], box('moof', traf(1, 0, told(20))), box('moof', noise));
      expect(inspect(bytes).durationMs).toBeGreaterThanOrEqual(20);
    }),
  );
});
