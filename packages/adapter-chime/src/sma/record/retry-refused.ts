import { failureOf } from '../event/read-event.ts';
import { add, type EventContext, type Outcome } from '../flow/outcome.ts';
import { base, giveUp } from '../flow/take-reports.ts';
import { commandOf, type Item } from '../turn/item.ts';

/**
 * An answer that the service refused: nothing of it ran, and each session whose commands it held is told so. Our actions
 * go out once more, without the user's, which may be what it was refused for.
 */
export function retryRefused(context: EventContext, before: Outcome, unrun: readonly Item[]): Outcome {
  const { type, message } = failureOf(context.event);
  context.logger.error({ type, reason: message }, 'sma: the service refused an answer');
  let outcome = before;
  const again: Item[] = [];
  for (const item of unrun) {
    const own = commandOf(item);
    if (own) {
      const seen = { op: 'seen', what: 'refused-answer', error: { type, message } } as const;
      outcome = add(outcome, { ops: [{ ...base(context, own), ...seen }] });
    }
    if (!item.own) continue;
    if (item.own.again) {
      outcome = giveUp(context, outcome, item, 'the service refused the answer twice');
      continue;
    }
    again.push({ ...item, own: { ...item.own, again: true } });
    if (own) outcome = add(outcome, { ops: [{ ...base(context, own), op: 'unsend' }] });
  }
  return { ...outcome, state: { ...outcome.state, queue: [...again, ...outcome.state.queue] } };
}
