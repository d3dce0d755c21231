/** Why a SIP media application invokes its Lambda function. The service may add members. */
export type InvocationEventType =
  | 'NEW_INBOUND_CALL'
  | 'NEW_OUTBOUND_CALL'
  | 'RINGING'
  | 'CALL_ANSWERED'
  | 'CALL_UPDATE_REQUESTED'
  | 'ACTION_SUCCESSFUL'
  | 'ACTION_FAILED'
  | 'ACTION_INTERRUPTED'
  | 'DIGITS_RECEIVED'
  | 'HANGUP'
  | 'INVALID_LAMBDA_RESPONSE'
  | (string & {});

export interface SmaParticipant {
  readonly CallId: string;
  /** `LEG-A`, `LEG-B`; documentation once prints `Leg-B`. */
  readonly ParticipantTag: string;
  /** @personal */
  readonly To?: string | undefined;
  /** @personal */
  readonly From?: string | undefined;
  readonly Direction?: 'Inbound' | 'Outbound' | undefined;
  readonly StartTimeInMilliseconds?: string | undefined;
  /** Often absent until somebody answered; documentation prints `Connected` before that, so it proves no answer. */
  readonly Status?: 'Connected' | 'Disconnected' | undefined;
}

/** One action of an answer. */
export interface SmaAction {
  readonly Type: string;
  readonly Parameters?: { readonly [name: string]: unknown } | undefined;
}

/** What an event says about an action. @personal `ReceivedDigits` and `Parameters.JoinToken` are secrets. */
export interface SmaActionData extends SmaAction {
  readonly [name: string]: unknown;
}

export interface SmaCallDetails {
  readonly TransactionId: string;
  readonly TransactionAttributes?: { readonly [name: string]: string } | null | undefined;
  readonly AwsAccountId?: string | undefined;
  readonly AwsRegion?: string | undefined;
  readonly SipRuleId?: string | undefined;
  readonly SipMediaApplicationId?: string | undefined;
  /** The name that most documentation examples print. */
  readonly SipApplicationId?: string | undefined;
  readonly Participants: readonly SmaParticipant[];
}

/** One invocation of the Lambda function of a SIP media application. It carries no time but the starts of the legs. */
export interface SmaEvent {
  readonly SchemaVersion?: string | undefined;
  /** Counts the invocations of a call; a repeated invocation carries the same number. */
  readonly Sequence: number;
  readonly InvocationEventType?: InvocationEventType | undefined;
  /** What two documentation examples print in place of `InvocationEventType`. */
  readonly InvocationEvent?: InvocationEventType | undefined;
  readonly ActionData?: SmaActionData | null | undefined;
  readonly CallDetails: SmaCallDetails;
  readonly ErrorType?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

/**
 * The answer of the Lambda function. A list of actions, an empty one too, replaces the running one; without `Actions`
 * the running list goes on. A map of attributes replaces the stored one as a whole.
 */
export interface SmaResponse {
  readonly SchemaVersion: '1.0';
  readonly Actions?: readonly SmaAction[];
  readonly TransactionAttributes?: { readonly [name: string]: string };
}
