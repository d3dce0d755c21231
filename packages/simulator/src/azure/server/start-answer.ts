import type { Answer } from '../../http/index.ts';
import type { AzureBehaviour } from '../behaviour.ts';
import type { CallProfile } from '../call/call-profile.ts';
import { jsonAnswer } from './api-error.ts';

export interface StartedRecording {
  readonly recordingId: string;
  readonly recordingState: 'active' | 'inactive';
  readonly recordingKind: string;
}

/** Answer to a start that was taken; one that is going to fail cannot be 200. */
export function startAnswer(
  started: StartedRecording,
  profile: CallProfile,
  behaviour: AzureBehaviour,
  fails: boolean,
): Answer {
  if (profile === 'acs-standalone') return jsonAnswer(fails ? 202 : behaviour.startStatus, started);
  const status = behaviour.teamsPhoneStartStatus;
  if (status === 204) return { status };
  const { recordingId: _, ...unnamed } = started;
  const body = behaviour.teamsPhoneRecordingId === 'in-event' ? unnamed : started;
  return jsonAnswer(fails ? 202 : status, body);
}
