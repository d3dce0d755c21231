import type { PartTarget } from '@onrecord/core';
import { targetOf } from '../call-ref.ts';
import { firstTakeOf, labelOf } from '../names/label.ts';
import { type FilePlan, fixedFiles, participantFile } from './files.ts';
import type { PartHandle } from './handle.ts';
import { membersOf } from './members.ts';
import { nextTake } from './takes.ts';
import type { Work } from './work.ts';

/** The files to begin for whoever is on the call and has none that runs; none where files are not participants'. */
export async function newcomers(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  { labels, live }: { readonly labels: readonly string[]; readonly live: readonly string[] },
): Promise<readonly FilePlan[]> {
  if (fixedFiles(part)) return [];
  const members = (await membersOf(work, targetOf(part.call))) ?? [];
  return members.flatMap((channel): readonly FilePlan[] => {
    if (live.some((label) => firstTakeOf(label) === labelOf(channel))) return [];
    const take = nextTake(handle, channel, labels);
    return take === undefined ? [] : [participantFile(channel, take)];
  });
}
