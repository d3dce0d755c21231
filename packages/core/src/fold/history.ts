import type { CommandOutcome, SessionSnapshot } from '../session/snapshot.ts';
import type { SessionState } from '../states/states.ts';
import { wayTo } from '../states/steps.ts';
import type { Change } from './changes.ts';
import type { PartFold } from './fold-part.ts';

type History = SessionSnapshot['history'];

/** Every state passed through, in causal order, up to `state`; what was skipped is inserted as inferred. */
export function historyOf(
  parts: readonly PartFold[],
  outcomes: readonly CommandOutcome[],
  state: SessionState,
): History {
  const history: { state: SessionState; inferred: boolean }[] = [{ state: 'requested', inferred: false }];
  const enter = (next: SessionState) => {
    const way = wayTo(history.at(-1)!.state, next);
    for (const [index, passed] of (way ?? []).entries()) {
      history.push({ state: passed, inferred: index < way!.length - 1 });
    }
  };
  const steps = parts.flatMap((part) => part.steps);
  const changes = parts.flatMap((part) => part.changes);
  for (const outcome of outcomes) {
    const step = steps.find(({ command }) => command.id === outcome.id);
    if (!step) continue;
    const { kind } = outcome;
    if (kind === 'start' && step.left) enter('starting');
    if (kind === 'stop' || kind === 'discard') {
      if (step.left) enter('stopping');
      // The provider took it first and then refused it.
      if (outcome.state === 'refused' && step.left)
        enter(heldBefore(changes, outcome.ordinal) ? 'paused' : 'recording');
    }
    if (outcome.state !== 'confirmed') continue;
    if (kind === 'start') enter(step.desire === 'hold' ? 'paused' : 'recording');
    if (kind === 'pause') enter('paused');
    if (kind === 'resume') enter('recording');
  }
  if (
    parts.length > 0 &&
    parts.some(({ snapshot }) => snapshot.endedAt) &&
    (state === 'completed' || state === 'failed')
  ) {
    enter('processing');
  }
  if (history.at(-1)!.state !== state) enter(state);
  return history;
}

function heldBefore(changes: readonly Change[], ordinal: number): boolean {
  return changes.findLast(({ after }) => after < ordinal)?.capturing === false;
}

/**
 * The states to publish when a record's snapshot changes: those by which the history grew, or, where a late report
 * rewrote what was published, the way from the old state to the new one. Empty when the state is the same.
 */
export function statesBetween(before: SessionSnapshot | undefined, after: SessionSnapshot): History {
  if (!before) return after.history;
  const grown = before.history.every(
    ({ state, inferred }, index) =>
      after.history[index]?.state === state && after.history[index]?.inferred === inferred,
  );
  if (grown) return after.history.slice(before.history.length);
  const way = wayTo(before.state, after.state) ?? [];
  return way.map((state, index) => ({ state, inferred: index < way.length - 1 }));
}
