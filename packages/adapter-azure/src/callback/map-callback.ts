import type { Told } from '../batch.ts';
import type { TypedEvent } from '../message.ts';
import { announcement, attemptFailed, connected, disconnected, participantsUpdated } from './map-call.ts';
import { type RecordingSetting, startFailed, stateChanged } from './map-recording.ts';
import type { Presence } from './presence.ts';

/** What is known beside the event itself. */
export interface CallbackSetting extends RecordingSetting {
  readonly presence: Presence;
}

const family = 'Microsoft.Communication.';

/**
 * What one callback event says; undefined when it says nothing that the recorder wants to know. That is nearly all of
 * them: transfers (`CallDisconnected` follows when they take our leg away), participants that were added, moved or muted
 * (`ParticipantsUpdated` says who is there), and digits, which are looked at by nobody here because they may be those of
 * a card.
 *
 * @throws OnRecordError `invalid-request` when the event lacks what its type requires.
 */
export function mapCallback({ type, event }: TypedEvent, setting: CallbackSetting): Told | undefined {
  switch (type.startsWith(family) ? type.slice(family.length) : '') {
    case 'RecordingStateChanged':
      return stateChanged(event, setting);
    case 'StartRecordingFailed':
      return startFailed(event, setting);
    case 'CallConnected':
      return connected(event);
    case 'CallDisconnected':
      return disconnected(event, setting.presence);
    case 'CreateCallFailed':
    case 'AnswerFailed':
    case 'ConnectFailed':
      return attemptFailed(event);
    case 'ParticipantsUpdated':
      return participantsUpdated(event, setting.presence);
    case 'PlayCompleted':
    case 'PlayFailed':
    case 'PlayCanceled':
      return announcement({ type, event });
    default:
      return undefined;
  }
}
