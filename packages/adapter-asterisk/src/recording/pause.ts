import { type CommandToken, OnRecordError, type Outcome, type PartTarget } from '@onrecord/core';
import { isGone } from '../client/ari-error.ts';
import { endAbsent } from './absent.ts';
import type { FilePlan } from './files.ts';
import { handleOf, knownLabels, type PartHandle } from './handle.ts';
import { isQueued, type LiveState, labelsOf, liveState, lookUntil, nameOf, statesOf } from './live.ts';
import { newcomers } from './newcomers.ts';
import { observe } from './observe.ts';
import { done } from './report.ts';
import { beginFiles, plannedFiles } from './start.ts';
import { ask, type Work } from './work.ts';

/** Pauses every file that runs, and looks again until no further one has begun meanwhile. */
export async function pausePart(work: Work, part: PartTarget, command: CommandToken): Promise<Outcome> {
  const handle = handleOf(part);
  const held = new Set<string>();
  let running = 0;
  for (;;) {
    const labels = (await labelsOf(work, part)).filter((label) => !held.has(label));
    if (labels.length === 0) break;
    const states = await Promise.all(labels.map((label) => turn(work, part, handle, label, true)));
    for (const label of labels) held.add(label);
    running += states.filter((state) => state !== 'gone').length;
  }
  if (running === 0) return done(work, 'pause', part, command, await observe(work, part));
  return done(work, 'pause', part, command, { capturing: false });
}

/**
 * In ms: what was said before a resume was asked for has passed the recorder by then. It comes later than the resume, which
 * takes 2 ms, by the way over the network, the mixer, and the queue of a listener, which grows by every packet that is
 * late and never shrinks: 40 to 100 ms on a quiet machine, 280 on a busy one, as measured.
 */
const onItsWayMs = 400;

/**
 * Goes on with the file of everybody who is still on the call; where there is none, and for a part that started paused,
 * files begin now. Not before what was said while it was paused has passed: the last digits of a card number would else
 * be in the file.
 */
export async function resumePart(work: Work, part: PartTarget, command: CommandToken): Promise<Outcome> {
  const handle = handleOf(part);
  await work.clock.delay(onItsWayMs, { signal: work.signal });
  if (isUntouched(part, handle)) return begin(work, part, handle, command, await plannedFiles(work, part));
  const labels = await labelsOf(work, part);
  const states = await statesOf(work, part, handle, labels);
  // Whoever left in the pause is heard no more, not until somebody looks either.
  const live = await endAbsent(work, part, handle, [...states.keys()]);
  const turned = await Promise.all(live.map((label) => turn(work, part, handle, label, false)));
  if (turned.some((state) => state !== 'gone')) return done(work, 'resume', part, command, { capturing: true });
  const files = await newcomers(work, part, handle, { labels, live: [] });
  if (files.length === 0) return done(work, 'resume', part, command, await observe(work, part));
  return begin(work, part, handle, command, files);
}

async function begin(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  command: CommandToken,
  files: readonly FilePlan[],
): Promise<Outcome> {
  const { facts, ...begun } = await beginFiles(work, part, handle, files);
  const seen = begun.running ? { capturing: begun.capturing } : await observe(work, part);
  return done(work, 'resume', part, command, { ...seen, facts: { ...facts, ...seen.facts } });
}

function isUntouched(part: PartTarget, { startedPaused }: PartHandle): boolean {
  return startedPaused && knownLabels(part).length === 0;
}

/**
 * The requests that hold a file, and those that let it go on. A mute of one that is muted already undoes it on Asterisk
 * 22, whose flag for it has one signed bit and is compared with 1. So it is unmuted first, which does nothing to one that
 * is not; and as nothing may be heard between, that happens in a pause, which does come to the same when repeated.
 */
const requests = {
  omitted: { hold: ['POST pause'], go: ['DELETE pause'] },
  silence: { hold: ['POST pause', 'DELETE mute', 'POST mute', 'DELETE pause'], go: ['DELETE mute', 'DELETE pause'] },
} as const;

/** Holds one file, or lets it go on; comes to the same when repeated. */
async function turn(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  label: string,
  hold: boolean,
): Promise<LiveState> {
  const name = nameOf(part, handle, label);
  const silence = part.pauseEffect === 'silence';
  for (const request of requests[silence ? 'silence' : 'omitted'][hold ? 'hold' : 'go']) {
    const [method, verb] = request.split(' ') as ['POST' | 'DELETE', string];
    const taken = await lookUntil(
      work,
      () => attempt(() => ask(work, method, ['recordings', 'live', name, verb])),
      (result) => result !== 'queued',
    );
    if (taken === 'gone') return 'gone';
  }
  const state = await liveState(work, name);
  if (state === (hold && !silence ? 'paused' : 'recording') || state === 'gone' || state === 'ending') return state;
  throw new OnRecordError('provider-contract', `Asterisk took the ${work.operation} and left the recording ${state}.`, {
    blame: 'provider',
    retry: 'safe',
    context: { recording: name },
  });
}

async function attempt(request: () => Promise<unknown>): Promise<'taken' | 'queued' | 'gone'> {
  try {
    await request();
    return 'taken';
  } catch (error) {
    if (isGone(error)) return 'gone';
    if (isQueued(error)) return 'queued';
    throw error;
  }
}
