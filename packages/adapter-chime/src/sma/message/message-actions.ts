import type { SmaAction } from '../event/sma-event.ts';
import { type Landing, sessionPrefix } from '../record-actions.ts';
import type { Message } from './message-options.ts';

/** The session id in the prefix names the session of the file for good. The duration is text in the documentation. */
export function recordAudioAction(callId: string, message: Message, landing: Landing, sessionId: string): SmaAction {
  return {
    Type: 'RecordAudio',
    Parameters: {
      CallId: callId,
      DurationInSeconds: String(message.maxSeconds),
      SilenceDurationInSeconds: message.silenceSeconds,
      SilenceThreshold: message.silenceThreshold,
      RecordingTerminators: message.terminators,
      RecordingDestination: { Type: 'S3', BucketName: landing.bucket, Prefix: sessionPrefix(landing, sessionId) },
    },
  };
}

/**
 * No action stops RecordAudio; a new list interrupts it. That an empty list does is not documented, so the list holds the
 * shortest Pause there is.
 */
export function interruptAction(callId: string): SmaAction {
  return { Type: 'Pause', Parameters: { CallId: callId, DurationInMilliseconds: '100' } };
}
