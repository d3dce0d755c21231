import type { PartTarget } from '@onrecord/core';
import { isObject, textAt } from '../json-reader.ts';
import { parseRecordingName } from '../names/recording-name.ts';
import { fixedFiles } from './files.ts';
import type { PartHandle } from './handle.ts';
import { ask, type Work } from './work.ts';

/** These labels, and those of the part's other files on the server: nobody has to have noted who was on the call. */
export async function withStored(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  labels: readonly string[],
): Promise<readonly string[]> {
  if (fixedFiles(part)) return labels;
  const stored = await ask(work, 'GET', ['recordings', 'stored']);
  const own = (Array.isArray(stored) ? stored : []).filter(isObject).flatMap((recording) => {
    const name = parseRecordingName(textAt(recording, 'name') ?? '');
    return name?.correlation === part.correlation && name.folder === handle.folder ? [name.label] : [];
  });
  return [...new Set([...labels, ...own])];
}
