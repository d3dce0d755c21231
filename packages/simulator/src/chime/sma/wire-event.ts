import type { ActionData, SmaEvent, SmaParticipant } from './sma-event.ts';

/** Where pages of the documentation differ in what they print of an event. */
export interface EventForms {
  /** Which member names the application in CallDetails. @default 'SipMediaApplicationId' */
  readonly applicationIdMember?: 'SipMediaApplicationId' | 'SipApplicationId' | undefined;
  /** Whether NEW_INBOUND_CALL prints `Connected` although nobody answered, as documentation examples do. @default false */
  readonly statusInNewInboundCall?: boolean | undefined;
  /** `ActionData.Type` of a NEW_OUTBOUND_CALL with arguments. @default 'CallRequest' */
  readonly callRequestType?: string | undefined;
  /** How a failed action tells why. @default 'type-and-message': `ErrorType` and `ErrorMessage` */
  readonly failureShape?: 'type-and-message' | 'error' | undefined;
  /** What a new inbound call is called; the page on troubles has the second name. @default 'NEW_INBOUND_CALL' */
  readonly newCallEvent?: 'NEW_INBOUND_CALL' | 'NEW_INCOMING_CALL' | undefined;
  /** The member that names the outcome of JoinChimeMeeting; its page prints the second. @default 'InvocationEventType' */
  readonly meetingEventMember?: 'InvocationEventType' | 'InvocationEvent' | undefined;
  /** Where INVALID_LAMBDA_RESPONSE says why: examples and text differ. @default 'top-level' */
  readonly invalidAnswerIn?: 'top-level' | 'action-data' | undefined;
  /**
   * How the HANGUP of LEG-B looks: like any other, or as one example prints it, with another `ActionData.Type`, tags
   * written `Leg-A` and `Leg-B`, and start times in seconds. @default 'plain'
   */
  readonly hangupOfLegB?: 'plain' | 'as-printed' | undefined;
}

export type ResolvedEventForms = {
  readonly [Name in keyof EventForms]-?: Exclude<EventForms[Name], undefined>;
};

export function resolveEventForms(forms: EventForms): ResolvedEventForms {
  return {
    applicationIdMember: forms.applicationIdMember ?? 'SipMediaApplicationId',
    statusInNewInboundCall: forms.statusInNewInboundCall ?? false,
    callRequestType: forms.callRequestType ?? 'CallRequest',
    failureShape: forms.failureShape ?? 'type-and-message',
    newCallEvent: forms.newCallEvent ?? 'NEW_INBOUND_CALL',
    meetingEventMember: forms.meetingEventMember ?? 'InvocationEventType',
    invalidAnswerIn: forms.invalidAnswerIn ?? 'top-level',
    hangupOfLegB: forms.hangupOfLegB ?? 'plain',
  };
}

/** The event as it is sent. Its type is that of the usual form: a reader of another form has to know it. */
export function wireEvent(event: SmaEvent, forms: ResolvedEventForms): SmaEvent {
  const type = event.InvocationEventType;
  if (type === 'NEW_INBOUND_CALL') return { ...event, InvocationEventType: forms.newCallEvent };
  if (type === 'INVALID_LAMBDA_RESPONSE' && forms.invalidAnswerIn === 'action-data') return explainedInData(event);
  const { ActionData: data } = event;
  if (type === 'HANGUP' && data?.Parameters?.['ParticipantTag'] === 'LEG-B' && forms.hangupOfLegB === 'as-printed') {
    return hangupAsPrinted(event);
  }
  if (data?.Type === 'JoinChimeMeeting' && forms.meetingEventMember === 'InvocationEvent') {
    const { InvocationEventType: InvocationEvent, ...rest } = event;
    return { ...rest, InvocationEvent } as SmaEvent & { readonly InvocationEvent: string };
  }
  return event;
}

function explainedInData({ ErrorType, ErrorMessage, ...event }: SmaEvent): SmaEvent {
  const why: Readonly<Record<string, unknown>> = { ErrorType, ErrorMessage };
  return { ...event, ActionData: why as ActionData };
}

function hangupAsPrinted(event: SmaEvent): SmaEvent {
  const { ActionData: data, CallDetails } = event;
  const Participants = CallDetails.Participants.map((one) => ({
    ...one,
    ParticipantTag: one.ParticipantTag.replace('LEG', 'Leg') as SmaParticipant['ParticipantTag'],
    StartTimeInMilliseconds: String(Math.floor(Number(one.StartTimeInMilliseconds) / 1_000)),
  }));
  return {
    ...event,
    ActionData: { ...data, Type: 'ReceiveDigits' },
    CallDetails: { ...CallDetails, Participants },
  };
}
