import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartSnapshot, PauseInterval, Precision } from '../session/snapshot.ts';
import { timelineOf } from './timeline.ts';

const epoch = Date.UTC(2026, 0, 1);
const wall = (ms: number) => new Date(epoch + ms).toISOString();

interface Drawn {
  readonly parts: readonly PartSnapshot[];
  readonly pauses: readonly PauseInterval[];
  /** Every boundary, in milliseconds. */
  readonly end: number;
}

const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 5_000 })), {
  maxLength: 4,
});
const effect = fc.constantFrom('omitted', 'silence') as fc.Arbitrary<'omitted' | 'silence'>;
const precision = fc.constantFrom('provider', 'confirmed', 'requested') as fc.Arbitrary<Precision>;

/** Parts one after another with pauses within them, and segmented pauses between. */
const sessions: fc.Arbitrary<Drawn> = fc
  .array(fc.record({ pauses: lengths, tail: fc.integer({ min: 0, max: 5_000 }), effect, precision }), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((drawn) => fc.tuple(fc.constant(drawn), fc.boolean(), fc.integer({ min: 1, max: 5_000 })))
  .map(([drawn, open, between]) => {
    const parts: PartSnapshot[] = [];
    const pauses: PauseInterval[] = [];
    let now = 1_000;
    for (const [index, part] of drawn.entries()) {
      const partId = `p${index + 1}`;
      const startedAt = wall(now);
      for (const [captured, paused] of part.pauses) {
        now += captured;
        pauses.push({
          from: wall(now),
          to: wall(now + paused),
          effect: part.effect,
          precision: part.precision,
          partId,
        });
        now += paused;
      }
      now += part.tail;
      const last = index === drawn.length - 1;
      const base = { id: partId, kind: 'segment', state: 'ended', startedAt, startPrecision: 'confirmed' } as const;
      parts.push(last && open ? { ...base, state: 'recording' } : { ...base, endedAt: wall(now) });
      if (last) continue;
      pauses.push({ from: wall(now), to: wall(now + between), effect: 'segmented', precision: 'confirmed', partId });
      now += between;
    }
    return { parts, pauses, end: now };
  });

describe('laws of the timeline', () => {
  test('every moment of the media is found again through its wall time', () => {
    fc.assert(
      fc.property(sessions, fc.nat(40_000), fc.nat(2), (drawn, ms, index) => {
        const timeline = timelineOf(drawn);
        const partId = drawn.parts[index % drawn.parts.length]!.id;
        const at = timeline.wallTime({ partId, ms });
        const duration = timeline.durationMs(partId);
        expect(at === undefined).toBe(duration !== undefined && ms >= duration);
        if (at) expect(timeline.mediaTime(at.at, { partId })).toMatchObject({ partId, ms, precision: at.precision });
      }),
      { numRuns: 2_000 },
    );
  });

  test('every moment of the call outside gaps is found again through its media time', () => {
    fc.assert(
      fc.property(sessions, fc.nat(60_000), (drawn, ms) => {
        const timeline = timelineOf(drawn);
        const media = timeline.mediaTime(epoch + ms);
        if ('gap' in media) {
          const pause = drawn.pauses.find(({ from, to }) => from <= wall(ms) && wall(ms) < to!);
          const live = drawn.parts.some(
            ({ startedAt, endedAt }) => startedAt! <= wall(ms) && wall(ms) < (endedAt ?? 'z'),
          );
          expect(pause?.effect !== 'silence' && (pause !== undefined || !live)).toBe(true);
        } else {
          expect(timeline.wallTime(media)?.at).toBe(wall(ms));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('later in the call is never earlier in a file', () => {
    fc.assert(
      fc.property(sessions, fc.nat(60_000), fc.nat(60_000), (drawn, one, other) => {
        const timeline = timelineOf(drawn);
        const [left, right] = [Math.min(one, other), Math.max(one, other)].map((ms) => timeline.mediaTime(epoch + ms));
        if (!left || !right || 'gap' in left || 'gap' in right || left.partId !== right.partId) return;
        expect(right.ms - left.ms).toBeGreaterThanOrEqual(0);
        expect(right.ms === left.ms).toBe(one === other);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a file lasts as long as its part, less what was cut out', () => {
    fc.assert(
      fc.property(sessions, (drawn) => {
        for (const part of drawn.parts) {
          const cut = drawn.pauses
            .filter(({ partId, effect }) => partId === part.id && effect === 'omitted')
            .reduce((sum, { from, to }) => sum + Date.parse(to!) - Date.parse(from), 0);
          const duration = timelineOf(drawn).durationMs(part.id);
          expect(duration).toBe(
            part.endedAt === undefined ? undefined : Date.parse(part.endedAt) - Date.parse(part.startedAt!) - cut,
          );
        }
      }),
    );
  });
});

const recording: PartSnapshot = {
  id: 'p1',
  kind: 'leg',
  state: 'recording',
  startedAt: wall(0),
  startPrecision: 'confirmed',
};
const pause: PauseInterval = {
  from: wall(10_000),
  to: wall(13_000),
  effect: 'omitted',
  precision: 'confirmed',
  partId: 'p1',
};

test('a pause that is cut out is a gap, and its end is the next sample', () => {
  const timeline = timelineOf({ parts: [recording], pauses: [pause] });
  expect(timeline.mediaTime(wall(12_000))).toEqual({ gap: 'paused', precision: 'confirmed' });
  expect(timeline.mediaTime(wall(15_000))).toEqual({ partId: 'p1', ms: 12_000, precision: 'confirmed' });
  expect(timeline.wallTime({ partId: 'p1', ms: 10_000 })).toEqual({ at: wall(13_000), precision: 'confirmed' });
});

test('a pause in silence takes media time', () => {
  const timeline = timelineOf({ parts: [recording], pauses: [{ ...pause, effect: 'silence' }] });
  expect(timeline.mediaTime(wall(12_000))).toEqual({ partId: 'p1', ms: 12_000, precision: 'confirmed', silent: true });
  expect(timeline.mediaTime(wall(15_000))).toMatchObject({ ms: 15_000 });
});

test('what lies after a pause is no more exact than the pause, and what lies before it is', () => {
  const timeline = timelineOf({ parts: [recording], pauses: [{ ...pause, precision: 'requested' }] });
  expect(timeline.mediaTime(wall(9_000))).toMatchObject({ precision: 'confirmed' });
  expect(timeline.mediaTime(wall(14_000))).toMatchObject({ precision: 'requested' });
});

test('a pause that lasts cuts off the rest', () => {
  const timeline = timelineOf({ parts: [recording], pauses: [{ ...pause, to: undefined }] });
  expect(timeline.mediaTime(wall(1e9))).toMatchObject({ gap: 'paused' });
  expect(timeline.wallTime({ partId: 'p1', ms: 10_000 })).toBeUndefined();
});

test('segments count from their own first sample, and lie apart', () => {
  const parts = [
    { ...recording, state: 'ended', endedAt: wall(10_000) } as const,
    { ...recording, id: 'p2', kind: 'segment', startedAt: wall(20_000) } as const,
  ];
  const segmented = { ...pause, from: wall(10_000), to: wall(18_000), effect: 'segmented' } as const;
  const timeline = timelineOf({ parts, pauses: [segmented] });
  expect(timeline.mediaTime(wall(21_000))).toMatchObject({ partId: 'p2', ms: 1_000 });
  expect(timeline.mediaTime(wall(12_000))).toMatchObject({ gap: 'paused' });
  expect(timeline.mediaTime(wall(19_000))).toMatchObject({ gap: 'between' });
  expect(timeline.mediaTime(wall(-1))).toMatchObject({ gap: 'before' });
  expect(timeline.mediaTime(wall(21_000), { partId: 'p1' })).toMatchObject({ gap: 'after' });
});

test('overlapping and misplaced pauses count once, within their part', () => {
  const pauses = [
    { ...pause, from: wall(-5_000), to: wall(1_000) },
    pause,
    { ...pause, from: wall(11_000), to: wall(14_000) },
  ];
  const timeline = timelineOf({ parts: [{ ...recording, endedAt: wall(20_000) }], pauses });
  expect(timeline.durationMs('p1')).toBe(15_000);
  expect(timeline.mediaTime(wall(1_000))).toMatchObject({ ms: 0 });
});

test('a part that never captured has no media', () => {
  const timeline = timelineOf({ parts: [{ id: 'p1', kind: 'leg', state: 'starting' }], pauses: [] });
  expect(timeline.mediaTime(wall(0))).toEqual({ gap: 'before', precision: 'requested' });
  expect(timeline.wallTime({ partId: 'p1', ms: 0 })).toBeUndefined();
  expect(timeline.durationMs('p1')).toBeUndefined();
});

test('what is no time is refused', () => {
  expect(() => timelineOf({ parts: [recording], pauses: [] }).mediaTime('yesterday')).toThrow(
    '"yesterday" is no time.',
  );
});
