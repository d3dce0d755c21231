import type { SmaAction } from '../event/sma-event.ts';
import { answersLeg, commandOf, type Item, itemsOf } from './item.ts';
import type { Wishes } from './plan-answer.ts';

export interface AnsweredWishes {
  readonly wishes: Wishes;
  /** Starts that nothing answers for: the service would refuse them. */
  readonly refused: readonly Item[];
  /** What still waits: a start that an answering action should have preceded, and did not, waits no longer. */
  readonly queue: readonly Item[];
}

/**
 * Puts an answering action before a start on an inbound leg that nobody answered. An announcement is one, and so are
 * the user's own prompts and bridges: those of `after` are taken forward up to the first that answers. Failing that,
 * `answerWith` is.
 */
export function answerBeforeStart(
  given: Wishes,
  waiting: readonly Item[],
  unanswered: (callId: string) => boolean,
  answerWith: readonly SmaAction[] | undefined,
): AnsweredWishes {
  const startsUnanswered = (item: Item) => {
    const command = commandOf(item);
    // A message answers the leg by itself.
    return command?.kind === 'start' && !answersLeg(item) && unanswered(command.leg);
  };
  const queue = waiting.filter((item) => !startsUnanswered(item));
  const wishes = { ...given, own: [...waiting.filter(startsUnanswered), ...given.own] };
  const { before, own, after } = wishes;
  const first = own.findIndex(startsUnanswered);
  if (first < 0 || [...before, ...own.slice(0, first)].some(answersLeg)) return { wishes, refused: [], queue };
  const taken = after.findIndex(answersLeg) + 1;
  if (taken > 0) {
    const moved = { before: [...before, ...after.slice(0, taken)], own, after: after.slice(taken) };
    return { wishes: moved, refused: [], queue };
  }
  if (answerWith && answerWith.length > 0) {
    const { leg } = commandOf(own[first]!)!;
    const answering = itemsOf(answerWith.map((action) => onLeg(action, leg)));
    return { wishes: { before: [...before, ...answering], own, after }, refused: [], queue };
  }
  const refused = own.filter(startsUnanswered);
  return { wishes: { before, own: own.filter((item) => !refused.includes(item)), after }, refused, queue };
}

function onLeg(action: SmaAction, callId: string): SmaAction {
  return { ...action, Parameters: { CallId: callId, ...action.Parameters } };
}
