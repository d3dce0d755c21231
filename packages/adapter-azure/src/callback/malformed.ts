import { OnRecordError } from '@onrecord/core';
import { type Incoming, textAt } from '../json-reader.ts';
import { idAt } from '../message.ts';

/** A callback that lacks what its type requires. */
export function malformed(event: Incoming, what: string): OnRecordError {
  return new OnRecordError('invalid-request', `The callback event ${textAt(event, 'type')} is malformed: ${what}.`, {
    blame: 'provider',
  });
}

/** What makes a callback that comes twice count once. */
export function eventIdOf(event: Incoming): string {
  const id = idAt(event, 'id');
  if (id === undefined) throw malformed(event, 'it has no id that can be kept');
  return id;
}
