import type { Layout, Output } from '@onrecord/core';
import type { SmaAction } from './event/sma-event.ts';

/** Where recordings land: a bucket of the account of the SIP media application. */
export interface Landing {
  readonly bucket: string;
  /** Key prefix without slashes at its ends. */
  readonly prefix?: string | undefined;
}

const tracks: { readonly [L in Layout]?: string } = { separate: 'BOTH', incoming: 'INCOMING', outgoing: 'OUTGOING' };

const types = {
  start: 'StartCallRecording',
  pause: 'PauseCallRecording',
  resume: 'ResumeCallRecording',
  stop: 'StopCallRecording',
} as const;

/** The key prefix of a session's file, without a slash at its end. */
export function sessionPrefix(landing: Landing, sessionId: string): string {
  return landing.prefix ? `${landing.prefix}/${sessionId}` : sessionId;
}

/** `Location` takes `bucket/prefix`: no ARN, no `s3://`. The session id in it names the file's session for good. */
export function startAction(callId: string, output: Output, landing: Landing, sessionId: string): SmaAction {
  return {
    Type: types.start,
    Parameters: {
      CallId: callId,
      Track: tracks[output.layout] ?? 'BOTH',
      Destination: { Type: 'S3', Location: `${landing.bucket}/${sessionPrefix(landing, sessionId)}` },
    },
  };
}

export function recordingAction(kind: 'pause' | 'resume' | 'stop', callId: string): SmaAction {
  return { Type: types[kind], Parameters: { CallId: callId } };
}
