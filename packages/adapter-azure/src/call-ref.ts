import { type CallRef, OnRecordError } from '@onrecord/core';
import { describe, type Problem } from './config/problem.ts';
import { type Incoming, textAt } from './json-reader.ts';
import { type AzureParticipant, readParticipant } from './participant.ts';
import { type CallIdName, callIdProblem } from './start/call-id.ts';
import { type AzureCallSource, idsIn } from './start/call-source.ts';

export type { AzureCallIds, AzureCallSource } from './start/call-source.ts';

/** The recorder replaces it by the name of its instance. */
const provider = 'azure';

/** The kinds of {@link azureServerCall} and {@link azureCallConnection}. */
export type AzureCallRef = CallRef<'azure.call-connection' | 'azure.server-call'>;

export interface AzureCallOptions {
  /**
   * Who gets channel 0 to himself in a `separate` recording: a raw id (`4:+15550100`, `8:acs:…`), an identifier of the
   * SDK or of the REST API.
   * @personal
   */
  readonly reference?: AzureParticipant | undefined;
}

/**
 * The call to record, named exactly as the notices of this adapter name it: by our leg (`azure.call-connection`, key
 * `callConnectionId`) wherever one is known, else by the call (`azure.server-call`, key `serverCallId`).
 *
 * The leg is the canonical key because every callback carries it and the same text each time, while `serverCallId` is
 * optional in every event and missing in recorded ones. Both ids stay in `data`.
 *
 * @param source a serverCallId, e.g. of `getServerCallId()` in the calling client; the result of `answerCall`,
 * `createCall` or `connectCall`; a callback event such as `CallConnected`, as posted or as the SDK parsed it.
 * @throws OnRecordError `invalid-request` when the source holds neither id, or evidently another one, or is an
 * `IncomingCall`: a call can be recorded once it is connected, not while it rings.
 * @example
 * ```ts
 * const answer = await client.answerCall(incomingCallContext, callbackUrl);
 * await recorder.start({ call: azureServerCall(answer) });
 * ```
 */
export function azureServerCall(source: AzureCallSource, options: AzureCallOptions = {}): AzureCallRef {
  const ids = idsIn(source);
  const data = {
    ...pick(ids, 'callConnectionId'),
    ...pick(ids, 'serverCallId'),
    ...pick(ids, 'correlationId'),
    ...referenceOf(options),
  };
  // Where a leg names the call, its serverCallId is passed on as the service gave it.
  checkIds(data, [data.callConnectionId === undefined ? 'serverCallId' : 'callConnectionId']);
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
  checkIds({ callConnectionId }, ['callConnectionId']);
  return azureServerCall({ callConnectionId }, options);
}

/**
 * A group call of calling clients, by the GUID with which they join it. Nothing can be announced on it: connect to the
 * call first for that.
 * @throws OnRecordError `invalid-request` for what is no GUID.
 */
export function azureGroupCall(groupCallId: string, options: AzureCallOptions = {}): CallRef<'azure.group-call'> {
  checkIds({ groupCallId }, ['groupCallId']);
  // A GUID means the same in any case; the key has to be the same text.
  const id = groupCallId.toLowerCase();
  return { kind: 'azure.group-call', provider, key: id, data: { groupCallId: id, ...referenceOf(options) } };
}

/**
 * The call in a room. The API description says of `roomId` "Not supported for Start Recording", so a start on it is
 * refused unless the provider has the option `rooms: 'attempt'`. Rooms retire on 30 September 2028.
 * @throws OnRecordError `invalid-request` for an empty id.
 */
export function azureRoom(roomId: string, options: AzureCallOptions = {}): CallRef<'azure.room'> {
  checkIds({ roomId }, ['roomId']);
  return { kind: 'azure.room', provider, key: roomId, data: { roomId, ...referenceOf(options) } };
}

function pick<N extends string>(ids: Incoming, name: N): { readonly [K in N]?: string } {
  const value = textAt(ids, name);
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: string };
}

/** Ids that the object has not are not asked for; one that is undefined is none. */
function checkIds(ids: Incoming, names: readonly CallIdName[]): void {
  const problems = names.flatMap((path): readonly Problem[] => {
    const message = path in ids ? callIdProblem(path, ids[path]) : undefined;
    return message === undefined ? [] : [{ path, message }];
  });
  refuse(problems);
}

function referenceOf({ reference }: AzureCallOptions): { readonly reference?: string } {
  if (reference === undefined) return {};
  const problems: Problem[] = [];
  const participant = readParticipant(reference, 'reference', problems);
  refuse(problems);
  return participant ? { reference: participant.rawId } : {};
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new OnRecordError('invalid-request', problems.map(describe).join('\n'));
}
