import { type CommunicationIdentifier, getIdentifierRawId } from '@azure/communication-common';
import { type CallRef, OnRecordError } from '@onrecord/core';
import { type Incoming, isObject, objectAt, textAt } from './json-reader.ts';

/** The recorder replaces it by the name of its instance. */
const provider = 'azure';

export type AzureCallRef = CallRef<'azure.call-connection' | 'azure.server-call'>;

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

export interface AzureCallOptions {
  /**
   * Who gets channel 0 to himself in a `separate` recording: a raw id (`4:+15550100`, `8:acs:…`) or an SDK identifier.
   * @personal
   */
  readonly reference?: string | CommunicationIdentifier | undefined;
}

/**
 * The call to record, named exactly as the notices of this adapter name it: by our leg (`azure.call-connection`, key
 * `callConnectionId`) wherever one is known, else by the call (`azure.server-call`, key `serverCallId`).
 *
 * The leg is the canonical key because every callback carries it and the same text each time, while `serverCallId` is
 * optional in every event and missing in recorded ones. Both ids stay in `data`.
 *
 * @throws OnRecordError `invalid-request` when the source holds neither id.
 * @example
 * ```ts
 * const answer = await client.answerCall(incomingCallContext, callbackUrl);
 * await recorder.start({ call: azureServerCall(answer) });
 * ```
 */
export function azureServerCall(source: AzureCallSource, options: AzureCallOptions = {}): AzureCallRef {
  const ids = typeof source === 'string' ? { serverCallId: source } : idsIn(source);
  const data = {
    ...pick(ids, 'callConnectionId'),
    ...pick(ids, 'serverCallId'),
    ...pick(ids, 'correlationId'),
    ...(options.reference === undefined ? {} : { reference: rawIdOf(options.reference) }),
  };
  if (data.callConnectionId) return { kind: 'azure.call-connection', provider, key: data.callConnectionId, data };
  if (data.serverCallId) return { kind: 'azure.server-call', provider, key: data.serverCallId, data };
  throw new OnRecordError(
    'invalid-request',
    'This names no Azure call: it has no callConnectionId and no serverCallId.',
    {
      remedy: 'Pass a serverCallId, a callback event, or the result of answerCall, createCall or connectCall.',
    },
  );
}

/** The call of one of our legs, by its callConnectionId. */
export function azureCallConnection(callConnectionId: string, options: AzureCallOptions = {}): AzureCallRef {
  return azureServerCall({ callConnectionId }, options);
}

function idsIn(source: unknown): Incoming {
  if (!isObject(source)) return {};
  if (isObject(source['callConnectionProperties'])) return objectAt(source, 'callConnectionProperties');
  return isObject(source['data']) ? objectAt(source, 'data') : source;
}

function pick<N extends string>(ids: Incoming, name: N): { readonly [K in N]?: string } {
  const value = textAt(ids, name);
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: string };
}

function rawIdOf(reference: string | CommunicationIdentifier): string {
  return typeof reference === 'string' ? reference : getIdentifierRawId(reference);
}
