import type { CommandToken, Outcome, PartTarget } from '@onrecord/core';
import { OnRecordError } from '@onrecord/core';
import { isGone } from '../client/ari-error.ts';
import { handleOf, type PartHandle } from './handle.ts';
import { type LiveState, labelsOf, liveState, lookUntil, nameOf, removeListeners } from './live.ts';
import { observe } from './observe.ts';
import { done } from './report.ts';
import { sightingsOf, storedFile, withAudio } from './sighting.ts';
import { ask, type Work } from './work.ts';

/** Ends every file of the part and says which there are. One that is over already is stopped. */
export async function stopPart(work: Work, part: PartTarget, command: CommandToken): Promise<Outcome> {
  const handle = handleOf(part);
  const { labels, ended } = await endFiles(work, part, handle, (name) =>
    ask(work, 'POST', ['recordings', 'live', name, 'stop']),
  );
  if (ended === 0) {
    const seen = await observe(work, part);
    await removeListeners(work, part, labels);
    // Whoever is still on the call is not recorded any more: that is what a stop means.
    return done(work, 'stop', part, command, { ...seen, capturing: false, ended: true });
  }
  const stored = await Promise.all(labels.map((label) => storedFile(work, part, handle, label)));
  const files = withAudio(stored);
  return done(work, 'stop', part, command, {
    capturing: false,
    ended: true,
    // It ran until now, and nothing of it was written.
    endReason: files.length === 0 ? 'storage-error' : 'requested',
    ...(files.length === 0 ? {} : { media: sightingsOf(work, part, handle, files) }),
  });
}

/** Ends every file of the part and deletes it. Asterisk tells of it as of any other end, so the reason is told here. */
export async function discardPart(work: Work, part: PartTarget, command: CommandToken): Promise<Outcome> {
  const handle = handleOf(part);
  const { labels } = await endFiles(work, part, handle, (name) => ask(work, 'DELETE', ['recordings', 'live', name]));
  await Promise.all(
    labels.map(async (label) => {
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
  end: (name: string) => Promise<unknown>,
): Promise<{ readonly labels: readonly string[]; readonly ended: number }> {
  const seen = new Set<string>();
  let ended = 0;
  for (;;) {
    const labels = (await labelsOf(work, part)).filter((label) => !seen.has(label));
    if (labels.length === 0) break;
    const results = await Promise.all(labels.map((label) => endFile(work, nameOf(part, handle, label), end)));
    ended += results.filter(Boolean).length;
    for (const label of labels) seen.add(label);
    await removeListeners(work, part, labels);
  }
  return { labels: [...seen], ended };
}

/** Whether it ran until now. */
async function endFile(work: Work, name: string, end: (name: string) => Promise<unknown>): Promise<boolean> {
  try {
    await end(name);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
  const state = await lookUntil<LiveState>(
    work,
    () => liveState(work, name),
    (now) => now === 'gone',
  );
  if (state === 'gone') return true;
  throw new OnRecordError('provider-contract', `Asterisk took the ${work.operation} and left the recording ${state}.`, {
    blame: 'provider',
    retry: 'safe',
    context: { recording: name },
  });
}
