import { firstTakeOf, labelOf } from '../names/label.ts';
import type { PartHandle } from './handle.ts';

/**
 * Which file of a participant without a running one comes next; undefined where there is none to come: a file that has a
 * limit may have ended by it, and is not followed by another.
 */
export function nextTake(handle: PartHandle, channel: string, labels: readonly string[]): number | undefined {
  const takes = labels.filter((label) => firstTakeOf(label) === labelOf(channel)).length;
  if (takes === 0) return 1;
  return handle.maxDurationSeconds === undefined && handle.maxSilenceSeconds === undefined ? takes + 1 : undefined;
}
