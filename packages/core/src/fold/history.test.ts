import { expect, test } from 'vitest';
import { statesBetween } from './history.ts';
import { snapshotOf } from './snapshot-of.ts';
import { command, pushed, session, tied } from './testing/session.ts';

const start = command(1, 'start', 0);
const started = tied('c1', { capturing: true }, 1);
const fileSeen = pushed({ ended: true, endReason: 'call-ended' }, 40);

test('what a report adds to the history is published, and nothing twice', () => {
  const before = snapshotOf(session({ commands: [start] }));
  const after = snapshotOf(session({ commands: [start], reports: [started] }));
  expect(statesBetween(undefined, before)).toEqual([
    { state: 'requested', inferred: false },
    { state: 'starting', inferred: false },
  ]);
  expect(statesBetween(before, after)).toEqual([{ state: 'recording', inferred: false }]);
  expect(statesBetween(after, after)).toEqual([]);
});

test('several states in one change are all published', () => {
  const commands = [start, command(2, 'pause', 10), command(3, 'resume', 20)];
  const before = snapshotOf(session({ commands, reports: [started] }));
  const reports = [started, tied('c3', { capturing: true }, 21), tied('c2', { capturing: false }, 11)];
  expect(statesBetween(before, snapshotOf(session({ commands, reports }))).map(({ state }) => state)).toEqual([
    'paused',
    'recording',
  ]);
});

test('a report that comes too late to be published in its place rewrites history silently', () => {
  const before = snapshotOf(session({ commands: [start], reports: [fileSeen] }));
  const after = snapshotOf(session({ commands: [start], reports: [fileSeen, started] }));
  expect(before.history.map(({ state }) => state)).toEqual(['requested', 'starting', 'processing']);
  expect(after.history.map(({ state }) => state)).toEqual(['requested', 'starting', 'recording', 'processing']);
  expect(statesBetween(before, after)).toEqual([]);
});

test('the way on from a rewritten history is inferred where states were skipped', () => {
  const before = snapshotOf(session({ commands: [start], reports: [fileSeen] }));
  const media = [{ key: 'k', uri: 's3://b/k.wav', role: 'master' }] as const;
  const after = snapshotOf(session({ commands: [start], reports: [fileSeen, started, pushed({ media }, 50)] }));
  expect(statesBetween(before, after)).toEqual([{ state: 'completed', inferred: false }]);
  const fromStarting = { ...before, state: 'starting', history: [{ state: 'requested', inferred: true }] } as const;
  expect(statesBetween(fromStarting, after)).toEqual([
    { state: 'processing', inferred: true },
    { state: 'completed', inferred: false },
  ]);
});
