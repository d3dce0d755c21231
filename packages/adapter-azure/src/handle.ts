import { type Json, OnRecordError, type PartTarget } from '@onrecord/core';
import { isObject, textAt } from './json-reader.ts';

/** What the driver keeps of a part: the id by which the service knows the recording. */
export function handleOf(recordingId: string): Json {
  return { recordingId };
}

/** Undefined while no answer and no callback has told the id. */
export function recordingIdOf(part: PartTarget): string | undefined {
  return idIn(part.handle);
}

export function idIn(handle: Json | undefined): string | undefined {
  return isObject(handle) ? textAt(handle, 'recordingId') : undefined;
}

/** @throws OnRecordError `invalid-state` while the id is not known. */
export function knownRecordingId(part: PartTarget): string {
  const id = recordingIdOf(part);
  if (id !== undefined) return id;
  throw new OnRecordError(
    'invalid-state',
    'The recordingId is not known yet: the answer to the start was lost, or carried none.',
    {
      blame: 'provider',
      remedy: 'Wait for the callback that carries it; Azure has no list of recordings.',
      context: { correlation: part.correlation },
    },
  );
}
