import type { PauseSighting } from '@onrecord/core';
import { amountAt, type Incoming, objectAt, objectsAt, textAt, timeOf } from './json-reader.ts';

/** A voice that has a channel to itself. */
export interface Voice {
  /** Raw id. @personal */
  readonly participant: string;
  readonly channel: number;
}

/** What the metadata file of one chunk tells. */
export interface ChunkMetadata {
  /** Empty for a mixed file. */
  readonly voices: readonly Voice[];
  /** In wall time; undefined where the file says nothing of pauses. */
  readonly pauses: readonly PauseSighting[] | undefined;
  readonly channels: number | undefined;
  /** Only where there was no pause: whether the service counts pauses in is not documented. */
  readonly durationMs: number | undefined;
}

/**
 * Reads a metadata file. Its `contentType` and `channelType` are not used: in recorded traffic each stands under the
 * other's name.
 */
export function readMetadata(file: Incoming): ChunkMetadata {
  const pauses = Array.isArray(file['pauseResumeIntervals'])
    ? objectsAt(file, 'pauseResumeIntervals').flatMap((interval) => {
        const from = timeOf(textAt(interval, 'startTime'));
        const durationMs = amountAt(interval, 'duration');
        return from === undefined || durationMs === undefined ? [] : [{ from, durationMs }];
      })
    : undefined;
  return {
    voices: objectsAt(file, 'participants').flatMap((entry) => {
      const participant = textAt(entry, 'participantId');
      const channel = amountAt(entry, 'channel');
      return participant === undefined || channel === undefined ? [] : [{ participant, channel }];
    }),
    pauses,
    channels: amountAt(objectAt(objectAt(file, 'recordingInfo'), 'audioConfiguration'), 'channels'),
    durationMs: pauses?.length === 0 ? amountAt(file, 'chunkDuration') : undefined,
  };
}
