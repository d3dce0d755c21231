import { expect, test } from 'vitest';
import { pauseHolds } from './pause-holds.ts';
import { snapshotOf } from './snapshot-of.ts';
import { at, command, part, session, tied } from './testing/session.ts';

const paused = [command(1, 'start', 0), command(2, 'pause', 10)];
const reports = [tied('c1', { capturing: true }, 1), tied('c2', { capturing: false }, 11)];

function holds(commands: typeof paused): boolean {
  return pauseHolds(snapshotOf(session({ commands, reports })));
}

test('a proven pause holds until a resume is on its way', () => {
  expect(holds([command(1, 'start', 0)])).toBe(false);
  expect(holds(paused)).toBe(true);
  expect(holds([...paused, command(3, 'resume', 20)])).toBe(false);
});

test('a resume that was given up leaves the state paused, and the pause unproven', () => {
  const givenUp = command(3, 'resume', 20, { timedOutAt: at(80) });
  const snapshot = snapshotOf(session({ commands: [...paused, givenUp], reports }));
  expect(snapshot.state).toBe('paused');
  expect(pauseHolds(snapshot)).toBe(false);
});

test('a refused resume leaves the pause as proven as it was', () => {
  const refused = { code: 'invalid-state', message: 'No.', at: at(21) } as const;
  expect(holds([...paused, command(3, 'resume', 20, { refused })])).toBe(true);
});

test('a pause proven after a resume that was given up holds again', () => {
  const commands = [...paused, command(3, 'resume', 20, { timedOutAt: at(80) }), command(4, 'pause', 90)];
  const again = [...reports, tied('c4', { capturing: false }, 91)];
  expect(pauseHolds(snapshotOf(session({ commands, reports: again })))).toBe(true);
});

test('between segments it holds only while no other part may have begun', () => {
  const pause = command(2, 'pause', 10, { sends: 'stop' });
  const givenUp = command(3, 'resume', 20, { sends: 'start', partId: 'p2', timedOutAt: at(80) });
  const again = command(4, 'resume', 90, { sends: 'start', partId: 'p3' });
  const commands = [
    command(1, 'start', 0),
    pause,
    givenUp,
    again,
    command(5, 'pause', 99, { sends: 'stop', partId: 'p3' }),
  ];
  const ended = [
    tied('c1', { capturing: true }, 1),
    tied('c2', { ended: true }, 11),
    tied('c4', { capturing: true }, 91, { part: 'p3' }),
    tied('c5', { ended: true }, 100, { part: 'p3' }),
  ];
  const record = session({
    emulate: ['pause-by-segments'],
    parts: [part(1), part(2), part(3)],
    commands,
    reports: ended,
  });
  expect(snapshotOf(record).state).toBe('paused');
  expect(pauseHolds(snapshotOf(record))).toBe(false);
  const denied = { ...record, reports: [...ended, tied('c3', { ended: true }, 101, { part: 'p2' })] };
  expect(pauseHolds(snapshotOf(denied))).toBe(true);
});
