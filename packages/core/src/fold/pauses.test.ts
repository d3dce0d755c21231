import { describe, expect, test } from 'vitest';
import type { Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { snapshotOf } from './snapshot-of.ts';
import { at, command, polled, pushed, session, tied } from './testing/session.ts';

const start = command(1, 'start', 0);
const pause = command(2, 'pause', 10);
const resume = command(3, 'resume', 20);
const started = tied('c1', { capturing: true }, 1);

function fold(reports: readonly Report[], more: Partial<SessionRecord> = {}) {
  return snapshotOf(session({ commands: [start, pause, resume], reports: [started, ...reports], ...more }));
}

describe('a pause is known as exactly', () => {
  test('as its confirmations', () => {
    const { pauses } = fold([tied('c2', { capturing: false }, 11), tied('c3', { capturing: true }, 22)]);
    expect(pauses).toEqual([{ from: at(11), to: at(22), precision: 'confirmed', effect: 'omitted', partId: 'p1' }]);
  });

  test('as our request, where only a read-back without time proves it', () => {
    const { pauses } = fold([polled(2, { capturing: false }, 15), tied('c3', { capturing: true }, 22)]);
    expect(pauses).toMatchObject([{ from: at(10), to: at(22), precision: 'requested' }]);
  });

  test('as the metadata of its provider, before all else', () => {
    const told = pushed({ pauses: [{ from: at(10.4), durationMs: 11_250 }], media: [] }, 90);
    const { pauses } = fold([tied('c2', { capturing: false }, 11), tied('c3', { capturing: true }, 22), told]);
    expect(pauses).toEqual([{ from: at(10.4), to: at(21.65), precision: 'provider', effect: 'omitted', partId: 'p1' }]);
  });
});

test('a time of the provider counts within our request and its receipt, and never beyond them', () => {
  const seen = (clockAt: number) =>
    fold([pushed({ capturing: true }, 2, { clockAt: clockAt - 10 }), pushed({ capturing: false }, 13, { clockAt })])
      .pauses[0];
  expect(seen(12)).toMatchObject({ from: at(12), precision: 'confirmed' });
  expect(seen(612)).toMatchObject({ from: at(13), precision: 'confirmed' });
  expect(seen(-588)).toMatchObject({ from: at(10), precision: 'requested' });
});

test('a pause lasts until the part ends', () => {
  const ended = tied('c3', { ended: true }, 30);
  const { pauses, parts } = fold([tied('c2', { capturing: false }, 11), ended], {
    commands: [start, pause, command(3, 'stop', 29)],
  });
  expect(pauses).toMatchObject([{ from: at(11), to: at(30) }]);
  expect(parts).toMatchObject([{ startedAt: at(1), startPrecision: 'confirmed', endedAt: at(30) }]);
});

test('a pause that is not proven is no pause', () => {
  expect(fold([]).pauses).toEqual([]);
});

test('a start in pause begins with one', () => {
  const commands = [start, command(2, 'resume', 10)];
  const reports = [polled(1, { capturing: false }, 1), tied('c2', { capturing: true }, 12)];
  const { pauses, history } = snapshotOf(session({ startPaused: true, commands, reports }));
  expect(pauses).toMatchObject([{ from: at(0), to: at(12) }]);
  expect(history.map(({ state }) => state)).toEqual(['requested', 'starting', 'paused', 'recording']);
});

test('capture that ceased uncommanded just before the end was the end', () => {
  const reports = [
    pushed({ capturing: true }, 2, { clockAt: 1 }),
    pushed({ capturing: false }, 41, { clockAt: 40 }),
    polled(1, { ended: true, endReason: 'call-ended' }, 55),
  ];
  const { pauses, parts, anomalies } = snapshotOf(session({ commands: [start], reports }));
  expect(pauses).toEqual([]);
  expect(parts).toMatchObject([{ state: 'ended', endedAt: at(40), endReason: 'call-ended' }]);
  expect(anomalies).toEqual([]);
});

test('the effect is the one written into the record at the start', () => {
  const reports = [tied('c2', { capturing: false }, 11)];
  expect(fold(reports, { commands: [start, pause], pauseEffect: 'silence' }).pauses).toMatchObject([
    { effect: 'silence' },
  ]);
});
