import { OnRecordError } from '@onrecord/core';
import { type Incoming, isObject, objectAt, textAt } from '../json-reader.ts';

/** The ids that a result, an event or a person may know of a call. */
export interface AzureCallIds {
  /** Our application's leg. */
  readonly callConnectionId?: string | undefined;
  /** The call itself, opaque. */
  readonly serverCallId?: string | undefined;
  readonly correlationId?: string | undefined;
}

/**
 * Where a call may be read from: a serverCallId; the result of answering, creating or connecting a call; a callback
 * event as posted (a CloudEvent) or as the SDK parsed it.
 */
export type AzureCallSource =
  | string
  | AzureCallIds
  | { readonly callConnectionProperties: AzureCallIds }
  | { readonly data: AzureCallIds };

/**
 * The object that holds the ids.
 * @throws OnRecordError `invalid-request` for what holds them too early, or not yet.
 */
export function idsIn(source: unknown): Incoming {
  if (typeof source === 'string') return { serverCallId: source };
  if (Array.isArray(source)) {
    throw refused('This is a batch of events, which may be about several calls.', 'Pass one event of it.');
  }
  if (!isObject(source)) return {};
  if (typeof source['then'] === 'function') throw refused('This is a promise of a call.', 'Await it first.');
  const ids = isObject(source['callConnectionProperties'])
    ? objectAt(source, 'callConnectionProperties')
    : isObject(source['data'])
      ? objectAt(source, 'data')
      : source;
  if (isIncomingCall(source, ids)) {
    throw refused(
      'An IncomingCall rings and is not connected: Azure refuses to record it (8501), and its event names no leg of yours.',
      'Pass the result of answerCall or the event CallConnected. If somebody else answers, pass serverCallId of the event as text once they have.',
    );
  }
  return ids;
}

/** `incomingCallContext` answers the call, so it is a secret: nothing of the event is repeated. */
function isIncomingCall(source: Incoming, ids: Incoming): boolean {
  const type = textAt(source, 'eventType') ?? textAt(source, 'type') ?? textAt(source, 'kind');
  return type?.endsWith('IncomingCall') === true || ids['incomingCallContext'] !== undefined;
}

function refused(message: string, remedy: string): OnRecordError {
  return new OnRecordError('invalid-request', message, { remedy });
}
