import { type Item, isMessage, isRecordingAction } from './item.ts';

/** Most actions in one answer (developer guide, "Invoking AWS Lambda functions"). */
export const maxActions = 10;

/** One answer's list, and what is left for later answers. */
export interface Composed {
  readonly list: readonly Item[];
  readonly rest: readonly Item[];
}

/**
 * Cuts the next list off a queue. Success is reported once, with the last action of a list, so a recording action ends
 * its list; so does an announcement, unless a recording action of ours follows at once, whose success proves it. A
 * message proves nothing before it is over, and a hang-up may end it: what announces it goes alone.
 *
 * A recording action further back than the tenth place is taken forward: it keeps its place in this answer, and the
 * actions it passed follow in the next.
 */
export function compose(queue: readonly Item[]): Composed {
  const end = queue.findIndex((item, index) => endsList(item, queue[index + 1]));
  if (end < 0) return { list: queue.slice(0, maxActions), rest: queue.slice(maxActions) };
  if (end < maxActions) return { list: queue.slice(0, end + 1), rest: queue.slice(end + 1) };
  const first = queue.slice(0, maxActions - 1);
  const passed = queue.slice(maxActions - 1, end);
  return { list: [...first, queue[end]!], rest: [...passed, ...queue.slice(end + 1)] };
}

function endsList(item: Item, next: Item | undefined): boolean {
  if (isRecordingAction(item)) return true;
  return item.own?.kind === 'announce' && !(next?.own && isRecordingAction(next) && !isMessage(next));
}
