import { describe, expect, test } from 'vitest';
import type { Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { snapshotOf } from './snapshot-of.ts';
import { at, command, polled, pushed, session, tied } from './testing/session.ts';

const capturing = { capturing: true };
const held = { capturing: false };
const started = tied('c1', capturing, 1);

function fold(commands: SessionRecord['commands'], reports: readonly Report[], more: Partial<SessionRecord> = {}) {
  const snapshot = snapshotOf(session({ commands, reports, ...more }));
  return {
    ...snapshot,
    outcomes: snapshot.commands.map(({ state }) => state),
    codes: snapshot.anomalies.map(({ code }) => code),
  };
}

const startAndPause = [command(1, 'start', 0), command(2, 'pause', 10)];

describe('a pause is proven', () => {
  test.each([
    ['by a report tied to it', [started, tied('c2', held, 11)]],
    ['by a read-back that differs from the capture before', [started, polled(2, held, 12)]],
    [
      'by a newer event on the same clock',
      [pushed(capturing, 1, { clockAt: 601 }), pushed(held, 12, { clockAt: 611 })],
    ],
  ])('%s', (_, reports) => {
    expect(fold(startAndPause, reports)).toMatchObject({ state: 'paused', outcomes: ['confirmed', 'confirmed'] });
  });

  test('also when the reports come in any order and twice', () => {
    const reports = [started, polled(2, held, 12)];
    expect(fold(startAndPause, [...reports, ...reports].reverse())).toEqual(fold(startAndPause, reports));
  });

  test('by its provider’s sequence, where events carry one', () => {
    const clock = (sequence: number) => ({ clock: { domain: 'provider:x', sequence } as const });
    const reports = [pushed(capturing, 1, clock(7)), pushed(held, 2, clock(12))];
    expect(fold(startAndPause, reports).state).toBe('paused');
  });
});

describe('a pause is not proven', () => {
  test.each([
    ['by a read-back', polled(2, { ...held, ended: true, endReason: 'call-ended' }, 12)],
    ['by a newer event on the same clock', pushed({ ...held, ended: true }, 12, { clockAt: 611 })],
    ['by the answer to it', tied('c2', { ...held, ended: true, endReason: 'call-ended' }, 12)],
  ])('%s that says it is over: no pause is in the record', (_, over) => {
    const folded = fold(startAndPause, [pushed(capturing, 1, { clockAt: 601 }), over]);
    expect(folded.outcomes).toEqual(['confirmed', 'accepted']);
    expect(folded).toMatchObject({ state: 'processing', pauses: [] });
  });

  test.each([
    ['by acceptance', [started]],
    ['by a read-back that was sent before it was accepted', [started, polled(1, held, 12)]],
    ['by a read-back without a confirmed capture before it', [polled(2, held, 12)]],
    ['by an event without a clock', [started, pushed(held, 12)]],
    ['by an event on another clock than the capture', [started, pushed(held, 12, { clockAt: 611 })]],
    [
      'by an event of the same instant as the capture',
      [pushed(capturing, 1, { clockAt: 1 }), pushed(held, 12, { clockAt: 1 })],
    ],
    [
      'by an event stamped on arrival by our own clock',
      [started, { ...pushed(held, 12), clock: { domain: 'ours', at: '2026-01-01T00:00:12.000Z' } } as const],
    ],
  ])('%s', (_, reports) => {
    expect(fold(startAndPause, reports).outcomes.at(-1)).toBe('accepted');
    expect(fold(startAndPause, reports).state).not.toBe('paused');
  });

  test('by a late duplicate of the event of an earlier pause', () => {
    const commands = [...startAndPause, command(3, 'resume', 20), command(4, 'pause', 30)];
    const reports = [
      pushed(capturing, 1, { clockAt: 1 }),
      polled(2, held, 12),
      polled(3, capturing, 22),
      // The pause of ordinal 2, told late; nothing on this clock came between.
      pushed(held, 31, { clockAt: 11 }),
    ];
    expect(fold(commands, reports)).toMatchObject({
      state: 'recording',
      outcomes: ['confirmed', 'confirmed', 'confirmed', 'accepted'],
    });
  });

  test('by a read-back after a resume that was given up, since that may settle late', () => {
    const commands = [
      ...startAndPause,
      command(3, 'resume', 20, { timedOutAt: '2026-01-01T00:00:25.000Z' }),
      command(4, 'pause', 30),
    ];
    const reports = [started, tied('c2', held, 11), polled(4, held, 31), polled(4, capturing, 32)];
    expect(fold(commands, reports).state).toBe('recording');
  });
});

test('a stale poll, sent before the pause and answered after it, changes nothing', () => {
  expect(fold(startAndPause, [started, tied('c2', held, 11), polled(1, capturing, 13)]).state).toBe('paused');
});

test('a refused pause leaves the recording as it was', () => {
  const refused = { code: 'invalid-state', message: 'No.', at: '2026-01-01T00:00:10.500Z' } as const;
  const folded = fold([command(1, 'start', 0), command(2, 'pause', 10, { refused })], [started]);
  expect(folded).toMatchObject({ state: 'recording', outcomes: ['confirmed', 'refused'] });
  expect(folded.commands[1]!.error).toEqual({ code: 'invalid-state', message: 'No.' });
});

test('a command that was refused and yet took effect is confirmed, and said to be contradicted', () => {
  const reports = [started, tied('c2', { refused: { code: 'conflict', message: 'No.' } }, 11), tied('c2', held, 12)];
  expect(fold(startAndPause, reports)).toMatchObject({ state: 'paused', codes: ['contradiction'] });
});

test('a resume is proven by any capture read back after it was accepted', () => {
  const commands = [...startAndPause, command(3, 'resume', 20)];
  const before = [started, tied('c2', held, 11)];
  expect(fold(commands, [...before, polled(2, capturing, 21)]).state).toBe('paused');
  expect(fold(commands, [...before, polled(3, capturing, 22)]).state).toBe('recording');
});

test('a repeated pause is proven once it was accepted, and the one given up is not', () => {
  const givenUp = command(2, 'pause', 10, { timedOutAt: '2026-01-01T00:00:20.000Z' });
  const folded = fold([command(1, 'start', 0), givenUp, command(3, 'pause', 21)], [started, polled(3, held, 25)]);
  expect(folded).toMatchObject({
    state: 'paused',
    outcomes: ['confirmed', 'timed-out', 'confirmed'],
    codes: ['command-timed-out'],
  });
  const unaccepted = command(3, 'pause', 21, { acceptedAt: undefined });
  expect(fold([command(1, 'start', 0), givenUp, unaccepted], [started, polled(2, held, 25)]).state).toBe('recording');
});

test('a start in pause is proven by its acceptance', () => {
  expect(fold([command(1, 'start', 0)], [], { startPaused: true })).toMatchObject({
    state: 'paused',
    outcomes: ['confirmed'],
  });
  expect(fold([command(1, 'start', 0)], [])).toMatchObject({ state: 'starting', outcomes: ['accepted'] });
});

test('a pause that nobody asked for is believed to the provider’s clock, and reported', () => {
  const reports = [pushed(capturing, 1, { clockAt: 1 }), pushed(held, 50, { clockAt: 49 })];
  expect(fold([command(1, 'start', 0)], reports)).toMatchObject({ state: 'paused', codes: ['uncommanded-pause'] });
  const resumed = [...reports, pushed(capturing, 60, { clockAt: 59 })];
  expect(fold([command(1, 'start', 0)], resumed)).toMatchObject({
    state: 'recording',
    codes: ['uncommanded-pause', 'uncommanded-resume'],
    pauses: [{ from: at(49), to: at(59) }],
  });
});

test('a read-back without capture that nothing explains stays a recording, and is reported', () => {
  const folded = fold([command(1, 'start', 0)], [started, polled(1, held, 50)]);
  expect(folded).toMatchObject({ state: 'recording', codes: ['unknown-inactive'] });
});

test('an end that its provider cannot explain is reported where nobody asked for it, and only there', () => {
  const over = (endReason: 'unknown' | 'call-ended') => polled(1, { ...held, ended: true, endReason }, 50);
  const start = command(1, 'start', 0);
  expect(fold([start], [started, over('unknown')]).codes).toEqual(['uncommanded-end']);
  expect(fold([start], [started, over('unknown'), over('call-ended')]).codes).toEqual([]);
  expect(fold([start, command(2, 'stop', 49)], [started, over('unknown')]).codes).toEqual([]);
});

test('an answer before the start has settled is no alarm', () => {
  expect(fold([command(1, 'start', 0)], [polled(1, held, 2), polled(1, capturing, 4)]).codes).toEqual([]);
});

test('capture read back after the provider’s own answer to a pause is believed, and reported', () => {
  const reports = [started, tied('c2', held, 11, { via: 'answer' }), polled(2, capturing, 30)];
  expect(fold(startAndPause, reports)).toMatchObject({ state: 'recording', codes: ['uncommanded-resume'] });
});

test('capture after a refused start is the worst alarm', () => {
  const refused = { code: 'conflict', message: 'No.', at: '2026-01-01T00:00:01.000Z' } as const;
  const folded = fold([command(1, 'start', 0, { refused })], [pushed(capturing, 5)]);
  expect(folded).toMatchObject({ state: 'recording', codes: ['capturing-uncontrolled'] });
});

test('a start whose answer was lost and that nobody adopted may capture unseen', () => {
  const lost = command(1, 'start', 0, {
    acceptedAt: undefined,
    answerLost: true,
    timedOutAt: '2026-01-01T00:01:30.000Z',
  });
  const { handle: _, ...unknown } = session().parts[0]!;
  expect(fold([lost], [], { parts: [unknown] })).toMatchObject({
    state: 'starting',
    codes: ['capturing-uncontrolled'],
  });
  expect(fold([lost], [pushed(capturing, 100)])).toMatchObject({
    state: 'recording',
    outcomes: ['confirmed'],
    codes: [],
  });
});

test('a stop holds until the end is seen, and ends it whatever is seen later', () => {
  const commands = [command(1, 'start', 0), command(2, 'stop', 10)];
  expect(fold(commands, [started, polled(2, capturing, 11)]).state).toBe('stopping');
  const ended = [started, polled(2, { ended: true }, 12), polled(2, capturing, 13)];
  expect(fold(commands, ended)).toMatchObject({
    state: 'processing',
    endReason: 'requested',
    outcomes: ['confirmed', 'confirmed'],
  });
});

test('a refused stop leaves the recording running, and the history shows both', () => {
  const refused = { code: 'unavailable', message: 'Later.', at: '2026-01-01T00:00:11.000Z' } as const;
  const folded = fold([command(1, 'start', 0), command(2, 'stop', 10, { refused })], [started]);
  expect(folded.state).toBe('recording');
  expect(folded.history.map(({ state }) => state)).toEqual([
    'requested',
    'starting',
    'recording',
    'stopping',
    'recording',
  ]);
});
