import { expect, test } from 'vitest';
import type { Command } from '../commands/command.ts';
import { defaultDeadlines } from '../commands/deadlines.ts';
import { deadlineOf } from './command-deadlines.ts';

const start: Command = {
  id: 'c1',
  ordinal: 1,
  kind: 'start',
  sends: 'start',
  partId: 'p1',
  recordedAt: '2026-11-21T10:00:00.000Z',
  token: 't',
};

const secondsFor = (command: Command) =>
  (deadlineOf({ deadlines: defaultDeadlines }, command) - Date.parse(command.recordedAt)) / 1_000;

test('a command has as long as its kind, and longer where its driver says so, never less', () => {
  expect(secondsFor(start)).toBe(90);
  expect(secondsFor({ ...start, confirmWithinMs: 300_000 })).toBe(300);
  expect(secondsFor({ ...start, confirmWithinMs: 1_000 })).toBe(90);
});
