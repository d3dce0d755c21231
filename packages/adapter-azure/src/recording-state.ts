import type { CallRecording } from '@azure/communication-call-automation';
import type { Seen } from '@onrecord/core';
import { during, overIn } from './errors.ts';
import { seenIn, seenOver } from './map-state.ts';

/** Asks the service for the state of a recording. That it finds none is an answer as well: the recording is over. */
export async function askState(recording: CallRecording, recordingId: string, signal: AbortSignal): Promise<Seen> {
  try {
    const { recordingState } = await during('status', () => recording.getState(recordingId, { abortSignal: signal }));
    return seenIn(recordingState);
  } catch (error) {
    const over = overIn(error);
    if (over === undefined) throw error;
    return { capturing: false, ...seenOver(over === 'call') };
  }
}
