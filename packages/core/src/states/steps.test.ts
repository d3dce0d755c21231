import { expect, test } from 'vitest';
import { sessionStates } from './states.ts';
import { canReach, sessionSteps, wayTo } from './steps.ts';

test('nothing leads out of a terminal state', () => {
  for (const terminal of ['completed', 'failed'] as const) {
    expect(sessionStates.filter((state) => canReach(terminal, state))).toEqual([terminal]);
  }
});

test('nothing but an end leads on from processing', () => {
  expect(sessionStates.filter((state) => canReach('processing', state))).toEqual(['processing', 'completed', 'failed']);
});

test.each([
  ['starting', 'completed', ['processing', 'completed']], // only the file event arrives
  ['starting', 'processing', ['processing']], // the call ends first
  ['stopping', 'recording', ['recording']], // the stop is refused
  ['requested', 'processing', ['starting', 'processing']],
  ['recording', 'completed', ['processing', 'completed']],
  ['requested', 'recording', ['starting', 'recording']],
] as const)('a history that was seen at a provider is possible: %s to %s', (from, to, way) => {
  expect(wayTo(from, to)).toEqual(way);
});

test('a late file does not take a failed session back', () => {
  expect(wayTo('failed', 'completed')).toBeUndefined();
});

test('every way consists of steps', () => {
  for (const from of sessionStates) {
    for (const to of sessionStates) {
      const way = wayTo(from, to);
      expect(way !== undefined).toBe(canReach(from, to));
      way?.forEach((state, index) => {
        expect(sessionSteps[index === 0 ? from : way[index - 1]!]).toContain(state);
      });
    }
  }
});
