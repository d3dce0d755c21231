import { OnRecordError } from '@onrecord/core';
import { type Incoming, isObject, textAt, timeOf } from '../json-reader.ts';

/** One event of ARI, as far as all of them are alike. */
export interface AriEvent {
  readonly type: string;
  /** RFC 3339 in UTC, on the server's clock. */
  readonly at: string | undefined;
  readonly body: Incoming;
}

/** @throws OnRecordError `invalid-request` for what is no event. */
export function readEvent(bytes: Uint8Array): AriEvent {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new OnRecordError('invalid-request', 'A message of the socket is no JSON.', { blame: 'provider', cause });
  }
  const type = isObject(body) ? textAt(body, 'type') : undefined;
  if (!isObject(body) || type === undefined) {
    throw new OnRecordError('invalid-request', 'A message of the socket is no event: it has no type.', {
      blame: 'provider',
    });
  }
  return { type, at: timeOf(textAt(body, 'timestamp')), body };
}
