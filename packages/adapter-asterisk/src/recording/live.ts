import type { PartTarget } from '@onrecord/core';
import { isAnswer, isGone } from '../client/ari-error.ts';
import { isObject, objectAt, textAt } from '../json-reader.ts';
import { recordingName } from '../names/recording-name.ts';
import { labelIn, snoopIdOf } from '../names/snoop-id.ts';
import { fixedFiles } from './files.ts';
import { knownLabels, type PartHandle } from './handle.ts';
import { ask, type Work } from './work.ts';

/** How a recording stands on the server; `gone` = it does not run, whether or not there is a file. */
export type LiveState = 'queued' | 'recording' | 'paused' | 'ending' | 'gone';

export function nameOf(part: PartTarget, { folder }: PartHandle, label: string): string {
  return recordingName({ folder, correlation: part.correlation, label });
}

export async function liveState(work: Work, name: string): Promise<LiveState> {
  try {
    const live = await ask(work, 'GET', ['recordings', 'live', name]);
    const state = isObject(live) ? textAt(live, 'state') : undefined;
    if (state === 'queued' || state === 'paused') return state;
    // A word that is not known counts as capture, for that must never go unseen.
    return state === 'done' || state === 'canceled' || state === 'failed' ? 'ending' : 'recording';
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

/** How each of these files runs; those that do not are left out. */
export async function statesOf(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  labels: readonly string[],
): Promise<ReadonlyMap<string, LiveState>> {
  const states = await Promise.all(labels.map((label) => settledState(work, nameOf(part, handle, label))));
  return new Map(
    labels.flatMap((label, index) => {
      const state = states[index] ?? 'gone';
      return state === 'gone' ? [] : [[label, state] as const];
    }),
  );
}

/** The server tells that a recording is over some moments before it lets go of it: nobody would ask again. */
function settledState(work: Work, name: string): Promise<LiveState> {
  return lookUntil(
    work,
    () => liveState(work, name),
    (state) => state !== 'ending',
  );
}

/** Every label under which the part may have a file: known ones, and those of listeners that are there. */
export async function labelsOf(work: Work, part: PartTarget): Promise<readonly string[]> {
  const fixed = fixedFiles(part);
  if (fixed) return fixed.map(({ label }) => label);
  return [...new Set([...knownLabels(part), ...(await listeners(work, part.correlation))])];
}

/** Labels of the snoop channels that the server has of this part: nobody has to have noted them. */
async function listeners(work: Work, correlation: string): Promise<readonly string[]> {
  const channels = await ask(work, 'GET', ['channels']);
  return (Array.isArray(channels) ? channels : []).filter(isObject).flatMap((channel) => {
    const label = labelIn(textAt(objectAt(channel, 'dialplan'), 'app_data'), correlation);
    return label === undefined ? [] : [label];
  });
}

/** Hangs up the listeners of a part. Those that are gone already are no error. */
export async function removeListeners(work: Work, part: PartTarget, labels: readonly string[]): Promise<void> {
  await Promise.all(
    labels.map(async (label) => {
      try {
        await ask(work, 'DELETE', ['channels', snoopIdOf(part.correlation, label)]);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }),
  );
}

/** Milliseconds between looks at something that takes the server a moment. */
const firstLookMs = 5;
const longestLookMs = 100;
/** After this the server will not do it any more. */
const patienceMs = 3_000;

/** Looks until `done` says so, for so many milliseconds; the last value where it never does. */
export async function lookUntil<T>(
  work: Work,
  look: () => Promise<T>,
  done: (value: T) => boolean,
  limitMs: number = patienceMs,
): Promise<T> {
  let value = await look();
  let waitedMs = 0;
  for (let waitMs = firstLookMs; !done(value) && waitedMs < limitMs; waitMs = Math.min(waitMs * 2, longestLookMs)) {
    await work.clock.delay(waitMs, { signal: work.signal });
    waitedMs += waitMs;
    value = await look();
  }
  return value;
}

/** Whether the server says that the recording has not begun to run: it will in a moment. */
export function isQueued(error: unknown): boolean {
  return isAnswer(error, 409, /not in session/);
}
