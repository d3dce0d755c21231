import { OnRecordError } from '@onrecord/core';
import { isGone } from '../client/ari-error.ts';
import { type LiveState, liveState, lookUntil } from './live.ts';
import { ask, type Work } from './work.ts';

/** How a file is ended: it stays, or it goes with everything in it. */
export type Ending = 'stop' | 'discard';

/** Ends a file and waits until it is complete, which it is some moments after the answer; false where it ran no more. */
export async function endFile(work: Work, name: string, ending: Ending): Promise<boolean> {
  try {
    const path = ['recordings', 'live', name];
    await (ending === 'stop' ? ask(work, 'POST', [...path, 'stop']) : ask(work, 'DELETE', path));
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
