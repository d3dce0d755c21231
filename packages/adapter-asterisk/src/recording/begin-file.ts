import { OnRecordError, type PartTarget } from '@onrecord/core';
import { AriError, isAnswer, isGone } from '../client/ari-error.ts';
import { snoopArguments, snoopIdOf } from '../names/snoop-id.ts';
import type { FilePlan } from './files.ts';
import type { PartHandle } from './handle.ts';
import { liveState, lookUntil, nameOf } from './live.ts';
import { exists } from './members.ts';
import { ask, type Work } from './work.ts';

/** How a file stands once the server has made up its mind about it. */
export type Begun = 'recording' | 'paused' | 'ended';

/**
 * Begins one file, or finds it begun: whatever is there under its name is ours, from an earlier attempt.
 * @throws AriError when it was refused; OnRecordError `unavailable` when nobody listens, `storage-failed` when no file came.
 */
export async function beginFile(work: Work, part: PartTarget, handle: PartHandle, file: FilePlan): Promise<Begun> {
  const name = nameOf(part, handle, file.label);
  if (file.source.kind === 'bridge') await record(work, ['bridges', file.source.id, 'record'], name, handle);
  else await listenIn(work, part, handle, { ...file, source: file.source }, name);
  return settle(work, name);
}

/** How often a name may be said to exist that does not: two requests that make the same folder get in each other's way. */
const mostCollisions = 5;

/** Asks for the recording by name and format, without which the server would crash on a bridge. */
async function record(work: Work, path: readonly string[], name: string, handle: PartHandle): Promise<void> {
  const { format, maxDurationSeconds, maxSilenceSeconds, terminateOn } = handle;
  const limits = { maxDurationSeconds, maxSilenceSeconds, terminateOn };
  for (let collisions = 0; collisions < mostCollisions; collisions++) {
    try {
      await ask(work, 'POST', path, { name, format, ifExists: 'fail', ...limits });
      return;
    } catch (error) {
      if (!isAnswer(error, 409, /already exists/)) throw error;
      if ((await liveState(work, name)) !== 'gone' || (await exists(work, ['recordings', 'stored', name]))) return;
    }
  }
  throw nothingWritten(name);
}

type SnoopFile = FilePlan & { readonly source: Extract<FilePlan['source'], { readonly kind: 'snoop' }> };

async function listenIn(
  work: Work,
  part: PartTarget,
  handle: PartHandle,
  { label, source: { channel, spy } }: SnoopFile,
  name: string,
): Promise<void> {
  const { app } = work.config;
  const snoop = snoopIdOf(part.correlation, label);
  const appArgs = snoopArguments(part.correlation, label);
  try {
    await ask(work, 'POST', ['channels', channel, 'snoop', snoop], { spy, app, appArgs });
  } catch (error) {
    // Asterisk says the same of an id that is taken and of a failure.
    if (!(error instanceof AriError) || error.status !== 500 || !(await exists(work, ['channels', snoop]))) throw error;
  }
  const entered = await lookUntil(
    work,
    () => recordOn(work, ['channels', snoop, 'record'], name, handle),
    (outcome) => outcome !== 'not-there-yet',
  );
  if (entered === 'taken') return;
  if (entered === 'gone' && !(await exists(work, ['channels', channel]))) {
    throw new OnRecordError('not-found', `The channel ${channel} hung up before it could be recorded.`);
  }
  throw nobodyListens(app);
}

/** The new channel needs a moment until it is in the application; without one that is connected, it is hung up. */
async function recordOn(
  work: Work,
  path: readonly string[],
  name: string,
  handle: PartHandle,
): Promise<'taken' | 'not-there-yet' | 'gone'> {
  try {
    await record(work, path, name, handle);
    return 'taken';
  } catch (error) {
    if (isAnswer(error, 409, /not in Stasis/)) return 'not-there-yet';
    if (isGone(error)) return 'gone';
    throw error;
  }
}

function nobodyListens(app: string): OnRecordError {
  return new OnRecordError('unavailable', `Nobody is connected to the Stasis application "${app}".`, {
    retry: 'safe',
    blame: 'provider',
    remedy: 'Let a worker listen: it holds the connection, and Asterisk records by listeners only while it stands.',
  });
}

/** The answer to a record request only says that it was queued: what became of it has to be looked up. */
async function settle(work: Work, name: string): Promise<Begun> {
  const state = await lookUntil(
    work,
    () => liveState(work, name),
    (now) => now !== 'queued' && now !== 'ending',
  );
  if (state === 'recording' || state === 'paused') return state;
  if (state === 'queued') {
    throw new OnRecordError('conflict', 'The recording waits in a queue behind another one of the same channel.', {
      blame: 'provider',
      remedy: 'End what occupies the channel.',
    });
  }
  if (await exists(work, ['recordings', 'stored', name])) return 'ended';
  throw nothingWritten(name);
}

function nothingWritten(name: string): OnRecordError {
  return new OnRecordError('storage-failed', 'Asterisk took the recording and made no file of it.', {
    blame: 'destination',
    remedy: 'Check that its recording folder is writable and has room.',
    context: { recording: name },
  });
}
