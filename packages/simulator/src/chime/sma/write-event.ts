import type { Leg } from './leg.ts';
import type { Target } from './route.ts';
import type { EventContent, InvocationEventType, SmaEvent, SmaParticipant } from './sma-event.ts';
import type { ResolvedEventForms } from './wire-event.ts';

/** What a call is at the moment of an event. */
export interface CallState {
  readonly sequence: number;
  readonly transactionId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly legs: readonly Leg[];
  readonly target: Target;
  /** Absent for a call placed through the API. */
  readonly sipRuleId: string | undefined;
}

/** The event that tells the Lambda function what happened, and how the call is now. */
export function writeEvent(content: EventContent, call: CallState, forms: ResolvedEventForms): SmaEvent {
  const { type, actionData, error } = content;
  const { target, attributes, sipRuleId } = call;
  return {
    SchemaVersion: '1.0',
    Sequence: call.sequence,
    InvocationEventType: type,
    ...(actionData ? { ActionData: actionData } : {}),
    CallDetails: {
      TransactionId: call.transactionId,
      ...(Object.keys(attributes).length > 0 ? { TransactionAttributes: attributes } : {}),
      AwsAccountId: target.accountId,
      AwsRegion: target.region,
      ...(sipRuleId === undefined ? {} : { SipRuleId: sipRuleId }),
      [forms.applicationIdMember]: target.applicationId,
      Participants: call.legs.map((leg) => leg.participant(printedStatus(leg, type, forms))),
    },
    ...(error ? { ErrorType: error.type, ErrorMessage: error.message } : {}),
  };
}

function printedStatus(leg: Leg, type: InvocationEventType, forms: ResolvedEventForms): SmaParticipant['Status'] {
  if (leg.status !== 'Ringing') return leg.status;
  return type === 'NEW_INBOUND_CALL' && forms.statusInNewInboundCall ? 'Connected' : undefined;
}
