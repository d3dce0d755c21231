import type { CallRecording } from '@azure/communication-call-automation';
import { accepted, subCodeOf } from './errors.ts';
import { askState } from './recording-state.ts';

/**
 * Pauses or resumes. The service may refuse by 8573 what is the case already, as it is when an earlier answer was lost: where
 * the state is the wanted one, the command counts as accepted. That proves nothing, for `inactive` is a start on its way
 * and an end as well; the recorder's own question afterwards does.
 */
export async function setCapture(
  verb: 'pause' | 'resume',
  recording: CallRecording,
  recordingId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await accepted(verb, () => recording[verb](recordingId, { abortSignal: signal }));
  } catch (refusal) {
    if (subCodeOf(refusal) !== '8573') throw refusal;
    const { capturing, ended } = await askState(recording, recordingId, signal).catch(() => {
      throw refusal;
    });
    if (ended || capturing !== (verb === 'resume')) throw refusal;
  }
}
