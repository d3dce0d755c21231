/** Why the Lambda function is invoked. */
export type InvocationEventType =
  | 'NEW_INBOUND_CALL'
  | 'NEW_INCOMING_CALL'
  | 'NEW_OUTBOUND_CALL'
  | 'RINGING'
  | 'CALL_ANSWERED'
  | 'CALL_UPDATE_REQUESTED'
  | 'ACTION_SUCCESSFUL'
  | 'ACTION_FAILED'
  | 'ACTION_INTERRUPTED'
  | 'DIGITS_RECEIVED'
  | 'HANGUP'
  | 'INVALID_LAMBDA_RESPONSE';

export type ParticipantTag = 'LEG-A' | 'LEG-B';

export interface SmaParticipant {
  readonly CallId: string;
  readonly ParticipantTag: ParticipantTag;
  readonly To: string;
  readonly From: string;
  readonly Direction: 'Inbound' | 'Outbound';
  /** Epoch milliseconds, as a text. */
  readonly StartTimeInMilliseconds: string;
  /** Absent until the leg is answered. */
  readonly Status?: 'Connected' | 'Disconnected';
}

/** One action of an answer; also what ActionData echoes. */
export interface SmaAction {
  readonly Type: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

export type ActionData = SmaAction & Readonly<Record<string, unknown>>;

export interface CallDetails {
  readonly TransactionId: string;
  readonly TransactionAttributes?: Readonly<Record<string, string>>;
  readonly AwsAccountId: string;
  readonly AwsRegion: string;
  /** Absent on calls placed through the API. */
  readonly SipRuleId?: string;
  readonly SipMediaApplicationId?: string;
  /** The name that most documentation examples print instead of SipMediaApplicationId. */
  readonly SipApplicationId?: string;
  readonly Participants: readonly SmaParticipant[];
}

/** What a SIP media application sends to its Lambda function. It holds no time but the starts of the legs. */
export interface SmaEvent {
  readonly SchemaVersion: '1.0';
  /** Counts the invocations of a call from 1; a retry repeats the number. */
  readonly Sequence: number;
  readonly InvocationEventType: InvocationEventType;
  readonly ActionData?: ActionData;
  readonly CallDetails: CallDetails;
  /** With INVALID_LAMBDA_RESPONSE. */
  readonly ErrorType?: string;
  readonly ErrorMessage?: string;
}

/** What an event tells beyond the state of the call. */
export interface EventContent {
  readonly type: InvocationEventType;
  readonly actionData?: ActionData | undefined;
  readonly error?: { readonly type: string; readonly message: string } | undefined;
}
