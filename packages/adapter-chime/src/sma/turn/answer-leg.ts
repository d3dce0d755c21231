import type { SmaAction } from '../event/sma-event.ts';
import { answersLeg, commandOf, type Item, itemsOf } from './item.ts';
import type { Wishes } from './plan-answer.ts';

export interface AnsweredWishes {
  readonly wishes: Wishes;
  /** Starts that nothing answers for: the service would refuse them. */
  readonly refused: readonly Item[];
}

/**
 * Puts an answering action before a start on an inbound leg that nobody answered. An announcement is one, and so are
 * the user's own prompts and bridges: those of `after` are taken forward up to the first that answers. Failing that,
 * `answerWith` is.
 */
export function answerBeforeStart(
  wishes: Wishes,
  unanswered: (callId: string) => boolean,
  answerWith: readonly SmaAction[] | undefined,
): AnsweredWishes {
  const { before, own, after } = wishes;
  const first = own.findIndex((item) => {
    const command = commandOf(item);
    return command?.kind === 'start' && unanswered(command.leg);
  });
  if (first < 0 || [...before, ...own.slice(0, first)].some(answersLeg)) return { wishes, refused: [] };
  const taken = after.findIndex(answersLeg) + 1;
  if (taken > 0) {
    const moved = { before: [...before, ...after.slice(0, taken)], own, after: after.slice(taken) };
    return { wishes: moved, refused: [] };
  }
  if (answerWith && answerWith.length > 0) {
    const leg = commandOf(own[first]!)!.leg;
    return {
      wishes: { before: [...before, ...itemsOf(answerWith.map((action) => onLeg(action, leg)))], own, after },
      refused: [],
    };
  }
  const refused = own.filter((item) => {
    const command = commandOf(item);
    return command?.kind === 'start' && unanswered(command.leg);
  });
  return { wishes: { before, own: own.filter((item) => !refused.includes(item)), after }, refused };
}

function onLeg(action: SmaAction, callId: string): SmaAction {
  return { ...action, Parameters: { CallId: callId, ...action.Parameters } };
}
