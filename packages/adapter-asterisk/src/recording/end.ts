import type { CommandToken, Outcome, PartTarget } from '@onrecord/core';
import { isGone } from '../client/ari-error.ts';
import { type Ending, endFile } from './end-file.ts';
import { handleOf, type PartHandle } from './handle.ts';
import { labelsOf, nameOf, removeListeners } from './live.ts';
import { observe } from './observe.ts';
import { done } from './report.ts';
import { sightingsOf, storedFile, withAudio } from './sighting.ts';
import { withStored } from './stored-labels.ts';
import { ask, type Work } from './work.ts';

/** Ends every file of the part and says which there are. One that is over already is stopped. */
export async function stopPart(work: Work, part: PartTarget, command: CommandToken): Promise<Outcome> {
  const handle = handleOf(part);
  const { labels, ended } = await endFiles(work, part, handle, 'stop');
  if (ended === 0) {
    const seen = await observe(work, part, { stopped: true });
    await removeListeners(work, part, labels);
    return done(work, 'stop', part, command, { ...seen, capturing: false, ended: true });
  }
  const all = await withStored(work, part, handle, labels);
  const stored = await Promise.all(all.map((label) => storedFile(work, part, handle, label)));
  const files = withAudio(stored);
  return done(work, 'stop', part, command, {
    capturing: false,
    ended: true,
    // It ran until now, and nothing of it was written.
    endReason: files.length === 0 ? 'storage-error' : 'requested',
    ...(files.length === 0 ? {} : { media: sightingsOf(part, handle, files) }),
  });
}

/** Ends every file of the part and deletes it. Asterisk tells of it as of any other end, so the reason is told here. */
export async function discardPart(work: Work, part: PartTarget, command: CommandToken): Promise<Outcome> {
  const handle = handleOf(part);
  const { labels } = await endFiles(work, part, handle, 'discard');
  const all = await withStored(work, part, handle, labels);
  await Promise.all(
    all.map(async (label) => {
      try {
        await ask(work, 'DELETE', ['recordings', 'stored', nameOf(part, handle, label)]);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }),
  );
  return done(work, 'discard', part, command, { capturing: false, ended: true, endReason: 'discarded' });
}

/** Ends what runs, and whatever else has begun meanwhile, until nothing is left; then nobody listens in any more. */
async function endFiles(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  ending: Ending,
): Promise<{ readonly labels: readonly string[]; readonly ended: number }> {
  const seen = new Set<string>();
  let ended = 0;
  for (;;) {
    const labels = (await labelsOf(work, part)).filter((label) => !seen.has(label));
    if (labels.length === 0) break;
    const results = await Promise.all(labels.map((label) => endFile(work, nameOf(part, handle, label), ending)));
    ended += results.filter(Boolean).length;
    for (const label of labels) seen.add(label);
    await removeListeners(work, part, labels);
  }
  return { labels: [...seen], ended };
}
