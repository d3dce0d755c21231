import type { MediaPipelineStatus } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { Seen } from '@onrecord/core';

/**
 * What a status of a capture pipeline shows. Nothing is captured before `InProgress`; while `Stopping` the last chunks
 * are still being written, so it proves neither.
 */
export function seenInStatus(status: MediaPipelineStatus | string | undefined): Seen | undefined {
  switch (status) {
    case 'InProgress':
      return { capturing: true };
    case 'Stopped':
      return { capturing: false, ended: true };
    case 'Failed':
      return { capturing: false, ended: true, endReason: 'provider-error' };
    default:
      return undefined;
  }
}

/** A pipeline that is not known any more has stopped. */
export const seenGone: Seen = { capturing: false, ended: true };
