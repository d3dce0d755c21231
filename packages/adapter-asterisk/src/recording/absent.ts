import type { PartTarget } from '@onrecord/core';
import { type Target, targetOf } from '../call-ref.ts';
import { firstTakeOf, labelOf } from '../names/label.ts';
import { endFile } from './end-file.ts';
import { fixedFiles } from './files.ts';
import type { PartHandle } from './handle.ts';
import { nameOf, removeListeners } from './live.ts';
import { isOver, membersOf } from './members.ts';
import type { Work } from './work.ts';

/**
 * Ends the files of channels that live on and are not on the call any more, for listening in would follow them to
 * whatever comes next; returns the labels that are left. A recording of a bridge itself is ended by Asterisk.
 */
export async function endAbsent(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  live: readonly string[],
): Promise<readonly string[]> {
  const absent = await absentOf(work, part, live);
  await Promise.all(absent.map((label) => endFile(work, nameOf(part, handle, label), 'stop')));
  await removeListeners(work, part, absent);
  return live.filter((label) => !absent.includes(label));
}

/** Of one leg nothing is absent while its call lasts: a bridge that has it on hold goes on. */
async function absentOf(work: Work, part: PartTarget, live: readonly string[]): Promise<readonly string[]> {
  const target: Target = targetOf(part.call);
  if (live.length === 0) return [];
  if (!fixedFiles(part)) {
    const present = ((await membersOf(work, target)) ?? []).map(labelOf);
    return live.filter((label) => !present.includes(firstTakeOf(label)));
  }
  if (target.kind === 'channel' || part.output.layout === 'mixed') return [];
  return (await isOver(work, target)) ? live : [];
}
