import { type ActionError, callIdOf, eventType, failureOf } from '../event/read-event.ts';
import type { SmaEvent } from '../event/sma-event.ts';
import { type Item, isInterruptible } from './item.ts';

/** The lists of a call as the answers made them. */
export interface Lists {
  /** The list that the last answer set going, as far as nothing reported it. */
  readonly running: readonly Item[];
  /** The list that {@link Lists.running} replaced before it was reported: how far it came is not known yet. */
  readonly cut: readonly Item[];
  /** The service named the action that was interrupted: `cut` begins with it. */
  readonly cutKnown?: boolean | undefined;
  /** Actions for later answers, in order. */
  readonly queue: readonly Item[];
}

/** What an event says about the lists. */
export interface Settled {
  readonly lists: Lists;
  /** Actions that are now known to have succeeded, in order. */
  readonly confirmed: readonly Item[];
  readonly failed?: { readonly item: Item; readonly error: ActionError } | undefined;
  /** Actions of ours that did not run because another one failed, to be sent again or given up. */
  readonly unrun: readonly Item[];
  /** With an answer that the service refused: its whole list. */
  readonly refused?: readonly Item[] | undefined;
}

/**
 * Applies the list rule: the success of a list confirms all its actions, a failure those before the failing one, and
 * drops those after it.
 *
 * @param accepted `Sequence` of the last event whose answer the service took, where its attributes tell: an
 * INVALID_LAMBDA_RESPONSE does not say which answer it is about.
 */
export function settle(lists: Lists & { readonly sequence?: number }, event: SmaEvent, accepted?: number): Settled {
  switch (eventType(event)) {
    case 'ACTION_SUCCESSFUL':
    // Digits prove that the listener was armed, also where its own success is not told.
    case 'DIGITS_RECEIVED':
      return succeed(lists, event);
    case 'ACTION_FAILED':
      return fail(lists, event);
    case 'ACTION_INTERRUPTED':
      return interrupt(lists, event);
    case 'INVALID_LAMBDA_RESPONSE':
      // Of a state that is older than the answer, the lists go on.
      if (lists.sequence !== undefined && lists.sequence !== event.Sequence - 1) return { ...nothing, lists };
      return accepted === event.Sequence - 1 ? invalidBefore(lists) : invalid(lists);
    default:
      return { ...nothing, lists };
  }
}

const nothing = { confirmed: [], unrun: [] } as const;

function succeed(lists: Lists, event: SmaEvent): Settled {
  const index = lists.running.findLastIndex((item) => names(item, event));
  if (index >= 0) {
    const running = lists.running.slice(index + 1);
    const confirmed = lists.running.slice(0, index + 1);
    if (running.length > 0) return { ...nothing, lists: { ...lists, running }, confirmed };
    return { ...nothing, lists: { running, cut: [], queue: [...restOfCut(lists), ...lists.queue] }, confirmed };
  }
  // An action that cannot be interrupted ran to its end after its list was replaced; if it was the last one, its list
  // is complete.
  const last = lists.cut.length - 1;
  if (last >= 0 && names(lists.cut[last]!, event)) {
    return { ...nothing, lists: { ...lists, cut: [], cutKnown: undefined }, confirmed: lists.cut };
  }
  return { ...nothing, lists };
}

function fail(lists: Lists, event: SmaEvent): Settled {
  const ended = lists.running.some((item) => names(item, event)) ? lists.running : lists.cut;
  const index = ended.findIndex((item) => names(item, event));
  if (index < 0) return { ...nothing, lists };
  return {
    lists:
      ended === lists.running
        ? { running: [], cut: [], queue: [...restOfCut(lists), ...lists.queue] }
        : { ...lists, cut: [], cutKnown: undefined },
    confirmed: ended.slice(0, index),
    failed: { item: ended[index]!, error: failureOf(event) },
    unrun: ended.slice(index + 1).filter(({ own }) => own),
  };
}

function interrupt(lists: Lists, event: SmaEvent): Settled {
  const index = lists.cut.findIndex((item) => names(item, event));
  if (index < 0) return { ...nothing, lists };
  return {
    ...nothing,
    lists: { ...lists, cut: lists.cut.slice(index), cutKnown: true },
    confirmed: lists.cut.slice(0, index),
  };
}

/** Nothing of the refused answer ran, so the list before it was not replaced either. */
function invalid(lists: Lists): Settled {
  return { ...nothing, lists: { running: lists.cut, cut: [], queue: lists.queue }, refused: lists.running };
}

/**
 * An answer before the last one was refused, and the last one was taken: it goes on, and what it seemed to cut off never
 * ran.
 */
function invalidBefore(lists: Lists): Settled {
  return { ...nothing, lists: { ...lists, cut: [], cutKnown: undefined }, refused: lists.cut };
}

/**
 * What of the replaced list has to be done still. Without word of an interruption, an action that cannot be interrupted
 * was running and is over: at the earliest the first such one. Later ones may be repeated, none is left out. An
 * announcement counts only when it was reported, so it is not skipped.
 */
function restOfCut({ cut, cutKnown }: Lists): readonly Item[] {
  if (cutKnown) return cut;
  const finished = cut.findIndex((item) => !isInterruptible(item));
  if (finished < 0) return cut;
  return cut[finished]!.own ? cut.slice(finished) : cut.slice(finished + 1);
}

/** Whether the event speaks of this action: same type, same leg where both name one. */
function names({ action }: Item, event: SmaEvent): boolean {
  if (action.Type !== event.ActionData?.Type) return false;
  const mine = callIdOf(event, action);
  const reported = callIdOf(event, event.ActionData);
  return mine === undefined || reported === undefined || mine === reported;
}
