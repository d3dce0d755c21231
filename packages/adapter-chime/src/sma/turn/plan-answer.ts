import { compose } from './compose.ts';
import { commandOf, type Item, isInterruptible, isMessage, isRecordingAction } from './item.ts';
import type { Lists } from './settle.ts';

/** What a command from outside does to the list that it interrupts. */
export type OnCutOff = 'replay' | 'drop' | 'ask';

/** What this invocation wants done. */
export interface Wishes {
  readonly before: readonly Item[];
  /** Announcements and recording actions of ours, in the order in which they were asked for. */
  readonly own: readonly Item[];
  readonly after: readonly Item[];
}

export interface PlanOptions {
  /** The service acts on the answer to this event. */
  readonly answerable: boolean;
  readonly onCutOff: OnCutOff;
  /** The report of the running list is overdue: do not wait for it. */
  readonly overdue?: boolean | undefined;
  /** A command from outside comes in a secure section: only a stop overtakes the question for digits. */
  readonly guarded?: boolean | undefined;
}

export interface Plan {
  readonly lists: Lists;
  /** The answer's actions; undefined leaves the running list alone. */
  readonly list: readonly Item[] | undefined;
  /** Announcements that were cut off for good. */
  readonly lost: readonly Item[];
  /** Type of the action that the new list has to wait for, as far as it is known. */
  readonly blockedBy?: string | undefined;
}

/**
 * Decides the answer. A list that holds an action of ours is waited for, since a new list would drop what of it has not
 * begun; only a stop overtakes it, and so it is with a question for digits. Any other running list gives way, and `onCutOff` decides what becomes of it.
 */
export function planAnswer(lists: Lists, wishes: Wishes, options: PlanOptions): Plan {
  const { before, after } = wishes;
  const stopping = stops([...lists.running, ...lists.queue]);
  // A second stop would fail; what ends the session answers both.
  const own = wishes.own.filter((item) => !stops([item]).some((session) => stopping.includes(session)));
  if (!options.answerable) return { lists: { ...lists, queue: [...own, ...lists.queue] }, list: undefined, lost: [] };
  const running = options.overdue ? [] : lists.running;
  const held = running.some(({ own }) => own) || (options.guarded === true && running.length > 0);
  if (held && !overtakes(own, running)) {
    const queue = [...own, ...lists.queue, ...before, ...after];
    return { lists: { ...lists, queue }, list: undefined, lost: [] };
  }
  const fresh = [...before, ...own, ...after];
  if (running.length > 0 && fresh.length === 0) return { lists, list: undefined, lost: [] };
  const replays = before.length === 0 && after.length === 0 && options.onCutOff === 'replay';
  const replaced = replayable(stillWanted([...running, ...(lists.cutKnown ? [] : lists.cut)], own));
  const waiting = [...(lists.cutKnown && replays ? lists.cut : []), ...lists.queue];
  const { list, rest } = compose([...fresh, ...stillWanted(waiting, own)]);
  const blockedBy = running.find((item) => !isInterruptible(item))?.action.Type;
  return {
    lists: { running: list, cut: replays ? replaced : [], queue: rest },
    list: list.length > 0 ? list : undefined,
    lost: replays ? [] : replaced.filter(({ own }) => own?.kind === 'announce'),
    ...(blockedBy === undefined ? {} : { blockedBy }),
  };
}

/** A stop overtakes announcements and the commands of its own session, which it makes pointless. */
function overtakes(own: readonly Item[], running: readonly Item[]): boolean {
  const stopped = stops(own);
  return (
    stopped.length > 0 &&
    running.every((item) => !isRecordingAction(item) || stopped.includes(commandOf(item)?.session ?? ''))
  );
}

function stillWanted(items: readonly Item[], own: readonly Item[]): readonly Item[] {
  const stopped = stops(own);
  return items.filter((item) => !stopped.includes(commandOf(item)?.session ?? ''));
}

/** A message that was cut off is over: a second one would not be its end. */
function replayable(items: readonly Item[]): readonly Item[] {
  return items.filter((item) => !isMessage(item));
}

function stops(own: readonly Item[]): readonly string[] {
  return own.flatMap((item) => {
    const command = commandOf(item);
    return command?.kind === 'stop' ? [command.session] : [];
  });
}
