import { AsyncLocalStorage } from 'node:async_hooks';
import { OnRecordError } from '../errors/index.ts';

const turns = new AsyncLocalStorage<true>();

/** Runs the handler of a turn, so that whatever it calls knows that nothing may wait there. For hosts of flows. */
export function runInsideTurn<T>(handler: () => T): T {
  return turns.run(true, handler);
}

/**
 * A turn's commands take effect when it ends, so whoever waits inside for one waits for himself. `what` completes the
 * message, e.g. `for a pause to be confirmed`.
 * @throws OnRecordError `invalid-state` inside a turn.
 */
export function refuseWaitingInsideTurn(what: string): void {
  if (!turns.getStore()) return;
  throw new OnRecordError('invalid-state', `Inside a turn nothing can wait ${what}.`, {
    remedy: "Use the turn's own verbs, or pass { until: 'accepted' }.",
  });
}
