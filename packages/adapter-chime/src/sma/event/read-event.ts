import { OnRecordError } from '@onrecord/core';
import type { InvocationEventType, SmaActionData, SmaEvent, SmaParticipant } from './sma-event.ts';

/**
 * Checks that this is an invocation by a SIP media application, and names its type as the others do.
 * @throws OnRecordError `invalid-request`.
 */
export function readEvent(given: unknown): SmaEvent {
  const candidate = given as Partial<SmaEvent> | null | undefined;
  const details = candidate?.CallDetails;
  if (
    typeof details?.TransactionId !== 'string' ||
    !Array.isArray(details.Participants) ||
    typeof candidate?.Sequence !== 'number' ||
    eventType(candidate) === ''
  ) {
    throw new OnRecordError('invalid-request', 'This is not an event of a SIP media application.', {
      remedy: 'Invoke this function from a SIP media application only.',
    });
  }
  const event = candidate as SmaEvent;
  const type = eventType(event);
  return type === event.InvocationEventType ? event : { ...event, InvocationEventType: type };
}

/** The type of the invocation, whichever of the two member names and of the two inbound names was printed. */
export function eventType(event: Pick<SmaEvent, 'InvocationEventType' | 'InvocationEvent'>): InvocationEventType {
  const type = event.InvocationEventType ?? event.InvocationEvent ?? '';
  return type === 'NEW_INCOMING_CALL' ? 'NEW_INBOUND_CALL' : type;
}

export function sipMediaApplicationId(event: SmaEvent): string | undefined {
  return event.CallDetails.SipMediaApplicationId ?? event.CallDetails.SipApplicationId;
}

/** The participant with this CallId, or with this tag in any spelling. */
export function participantOf(event: SmaEvent, leg: string): SmaParticipant | undefined {
  const { Participants } = event.CallDetails;
  return (
    Participants.find(({ CallId }) => CallId === leg) ??
    Participants.findLast(({ ParticipantTag }) => ParticipantTag?.toUpperCase() === leg.toUpperCase())
  );
}

/** The leg that an action or an event addresses: `CallId` wins over `ParticipantTag`. */
export function callIdOf(
  event: SmaEvent,
  action: { readonly Parameters?: { readonly [name: string]: unknown } | undefined } | null | undefined,
): string | undefined {
  const { CallId, ParticipantTag } = action?.Parameters ?? {};
  if (typeof CallId === 'string') return CallId;
  return typeof ParticipantTag === 'string' ? participantOf(event, ParticipantTag)?.CallId : undefined;
}

/** What the service says of a failure. */
export interface ActionError {
  readonly type: string;
  readonly message: string;
}

/** Why an action or an answer failed: `ErrorType` and `ErrorMessage`, or `Error: "Type: message"`, at either level. */
export function failureOf(event: SmaEvent): ActionError {
  const data: Partial<SmaActionData> = event.ActionData ?? {};
  const type = data['ErrorType'] ?? event.ErrorType;
  const message = data['ErrorMessage'] ?? event.ErrorMessage;
  if (typeof type === 'string') return { type, message: typeof message === 'string' ? message : '' };
  const error = data['Error'];
  const match = typeof error === 'string' ? /^([^:]+):?\s*(.*)$/s.exec(error) : null;
  return match ? { type: match[1]!, message: match[2]! } : { type: 'Unknown', message: '' };
}

/** Somebody is, as far as the event tells, still there to hear an answer. */
export function anybodyThere(event: SmaEvent): boolean {
  return event.CallDetails.Participants.some(({ Status }) => Status !== 'Disconnected');
}
