import { type SessionState, sessionStates } from './states.ts';

/**
 * The single steps a session takes. A published jump must lie in their transitive closure ({@link canReach}); the
 * states it skips are inserted as inferred. No step leads out of `completed` or `failed`, and none back from
 * `processing`.
 */
export const sessionSteps: { readonly [S in SessionState]: readonly SessionState[] } = {
  requested: ['starting', 'stopping', 'failed'],
  starting: ['recording', 'paused', 'stopping', 'processing', 'failed'],
  recording: ['paused', 'stopping', 'processing'],
  paused: ['recording', 'stopping', 'processing'],
  // Back to where it was: the provider refused the stop (Azure 8571).
  stopping: ['recording', 'paused', 'processing'],
  processing: ['completed', 'failed'],
  completed: [],
  failed: [],
};

/** Shortest way from each state to each other, without the first and with the last; earlier steps win ties. */
const ways: ReadonlyMap<SessionState, ReadonlyMap<SessionState, readonly SessionState[]>> = new Map(
  sessionStates.map((from) => [from, waysFrom(from)]),
);

function waysFrom(from: SessionState): ReadonlyMap<SessionState, readonly SessionState[]> {
  const found = new Map<SessionState, readonly SessionState[]>([[from, []]]);
  for (const [state, way] of found) {
    for (const next of sessionSteps[state]) if (!found.has(next)) found.set(next, [...way, next]);
  }
  return found;
}

/** Whether a session may get from one state to another, however many steps that takes. */
export function canReach(from: SessionState, to: SessionState): boolean {
  return ways.get(from)?.has(to) ?? false;
}

/**
 * The states passed on the way, in order, without `from` and with `to`; all but the last were skipped. Empty when
 * they are the same, undefined when there is no way.
 */
export function wayTo(from: SessionState, to: SessionState): readonly SessionState[] | undefined {
  return ways.get(from)?.get(to);
}
