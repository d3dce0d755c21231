import { type AudioSource, tone } from '../../call/virtual-call.ts';
import type { PauseTone } from './leg-recording.ts';
import {
  type RecordAudioOptions,
  type ResolvedRecordAudioOptions,
  resolveRecordAudioOptions,
} from './record-audio-options.ts';
import { type EventForms, resolveEventForms } from './wire-event.ts';

/** What the documentation leaves open about SIP media applications, and times; every default is stated. */
export interface SmaOptions extends EventForms {
  /** How long an invocation may take before it is repeated, in ms. @default 5_000 */
  readonly lambdaTimeoutMs?: number | undefined;
  /** How often a failed or late invocation is repeated, with the same event. @default 1 */
  readonly lambdaRetries?: number | undefined;
  /** After so many invocations the call ends. @default 1_000 */
  readonly maxInvocations?: number | undefined;
  /** An inbound leg that no action answers is gone after this, in ms. @default 30_000 */
  readonly unansweredMs?: number | undefined;
  /** How long an API-placed call may ring, in ms. @default 60_000 */
  readonly outboundRingMs?: number | undefined;
  /** Action types that answer an inbound leg beside the documented ones: `Pause`, `StartCallRecording`, `ReceiveDigits`. @default [] */
  readonly alsoAnswers?: readonly string[] | undefined;
  /** Action types that do not answer an inbound leg, of those whose page says nothing of it: `SpeakAndGetDigits`, `PlayAudioAndGetDigits`, `JoinChimeMeeting`. @default [] */
  readonly neverAnswers?: readonly string[] | undefined;
  /** An action that names its leg by CallId and by ParticipantTag: a note forbids it, the table ignores the tag. @default 'call-id-wins' */
  readonly bothLegNames?: 'call-id-wins' | 'refused' | undefined;
  /** Whether a LEG-B that is gone stays among the participants when another one is bridged. @default 'dropped' */
  readonly goneLegs?: 'dropped' | 'listed' | undefined;
  /** How many RINGING events a call has that the application places. @default 1 */
  readonly ringings?: number | undefined;
  /** What an answer of `null` or of an empty text is: one without actions, or an invalid one. @default 'no-actions' */
  readonly blankAnswer?: 'no-actions' | 'INVALID_LAMBDA_RESPONSE' | undefined;
  /** What an invalid answer to INVALID_LAMBDA_RESPONSE does: it ends the call with 480, or nothing. @default 'ends' */
  readonly secondInvalidAnswer?: 'ends' | 'ignored' | undefined;
  /** What a new inbound call does whose first answer has no actions. @default 'waits', up to `unansweredMs` */
  readonly newCallWithoutActions?: 'waits' | 'ends' | undefined;
  /** Whether ReceiveDigits goes on after it has reported digits, or needs to be given again. @default 'goes-on' */
  readonly receiveDigits?: 'goes-on' | 'once' | undefined;
  /** The time in the key of a call recording: the start of its leg, of the call, or of the recording. @default 'leg' */
  readonly recordingKeyTime?: 'leg' | 'call' | 'recording' | undefined;
  /** Time zone of that time: minutes east of Greenwich. @default 0 */
  readonly recordingKeyZone?: number | undefined;
  /** A call recording that is shorter leaves no file, in ms. @default 0 */
  readonly shortestRecordingMs?: number | undefined;
  /** How many pairs TransactionAttributes may have: the text says 100, the documented error 10. @default 10 */
  readonly maxAttributes?: number | undefined;
  /** What an action with an unknown name makes of the answer. @default 'ACTION_FAILED', when its turn comes */
  readonly unknownAction?: 'ACTION_FAILED' | 'INVALID_LAMBDA_RESPONSE' | undefined;
  /** What comes first when a leg hangs up while one of its actions is at work and is reported. @default 'hangup' */
  readonly firstOfHangup?: 'hangup' | 'action' | undefined;
  /** Whether a recording that a hang-up ends is reported as StopCallRecording, after the HANGUP. @default false */
  readonly stopReportedAfterHangup?: boolean | undefined;
  /** Whether `Actions: []` replaces a running list, as any list does, or leaves it alone. @default 'replaces' */
  readonly emptyList?: 'replaces' | 'keeps' | undefined;
  /**
   * Whether an uninterruptible action that ends after its list was replaced is reported: when it was the last of its
   * list, so that the list is complete; or never. @default 'when-last'
   */
  readonly replacedList?: 'when-last' | 'never' | undefined;
  /** What a running action reports when its leg hangs up, after the HANGUP. @default 'nothing' */
  readonly actionOfEndedLeg?: 'nothing' | 'ACTION_FAILED' | 'ACTION_SUCCESSFUL' | undefined;
  /** Time of a recording action from its turn to its effect, in ms. @default 0 */
  readonly recordingActionMs?: number | undefined;
  /** What a second start on a leg gets. @default { type: 'InvalidActionParameter', message: 'CallId parameter for action is invalid' } */
  readonly secondStart?: ActionError | undefined;
  /** What Stop, Pause or Resume get where nothing records, and Start on a leg nobody answered. @default { type: 'SystemException', message: 'System error while running an action' } */
  readonly notRecording?: ActionError | undefined;
  /** Pause while paused, Resume while not. @default 'successful', without an effect */
  readonly redundantPause?: 'successful' | 'failed' | undefined;
  /** A second Stop. @default 'failed', like any Stop where nothing records */
  readonly redundantStop?: 'failed' | 'successful' | undefined;
  /** @default 2_400 Hz for 200 ms at a tenth of full scale, at the pause and at the resumption */
  readonly pauseTone?: Partial<PauseTone> | undefined;
  /** From the end of a recording to its object in S3, in ms. @default 3_000 */
  readonly deliveryDelayMs?: number | undefined;
  /** Speech of an announcement. @default a tone of 620 Hz */
  readonly speech?: ((text: string) => AudioSource) | undefined;
  /** Length of an announcement per character of its text, in ms. @default 60 */
  readonly speechMsPerCharacter?: number | undefined;
  /** Whether a key pressed during the prompt of a digit action cuts the prompt. @default true */
  readonly bargeIn?: boolean | undefined;
  /** Whether the terminator key is part of ReceivedDigits. @default false */
  readonly terminatorInDigits?: boolean | undefined;
  /** What a digit action reports when no attempt gave valid digits. @default { type: 'SystemException', message: 'System error while running action' } */
  readonly digitsFailure?: ActionError | undefined;
  /** Numbers that may be shown as CallerIdNumber beside LEG-A's own. @default any */
  readonly ownedNumbers?: readonly string[] | undefined;
  /** Whether the service-linked role of the voice connector may ask for speech. @default 'configured' */
  readonly speechRole?: 'configured' | 'missing' | undefined;
  /** More texts than so many in a second are throttled. @default Infinity */
  readonly speechesPerSecond?: number | undefined;
  /**
   * What Pause takes: its page says anything above 0, the table of errors 100 to 30 000 ms.
   * @default { shortestMs: 1, longestMs: Infinity }
   */
  readonly pauseLimits?: PauseLimits | undefined;
  /**
   * How FlushDigitsDurationInMilliseconds must relate to InBetweenDigitsDurationInMilliseconds: one sentence says longer,
   * the next shorter. @default 'any'
   */
  readonly flushDigits?: 'any' | 'longer' | 'shorter' | undefined;
  /** SipHeaders of a bridge to a telephone: the page says only for voice connectors, an example has them. @default 'ignored' */
  readonly sipHeadersToPhones?: 'ignored' | 'refused' | undefined;
  readonly recordAudio?: RecordAudioOptions | undefined;
  /** How long it takes to join a meeting, in ms. @default 500 */
  readonly meetingJoinMs?: number | undefined;
  /** What tells that Hangup ended a meeting leg: its success alone, or a HANGUP as well. @default 'success' */
  readonly meetingLegHangup?: 'success' | 'success-and-hangup' | undefined;
}

export interface PauseLimits {
  readonly shortestMs: number;
  readonly longestMs: number;
}

export interface ActionError {
  readonly type: string;
  readonly message: string;
}

export type ResolvedSmaOptions = Omit<
  { readonly [Name in keyof SmaOptions]-?: Exclude<SmaOptions[Name], undefined> },
  'pauseTone' | 'ownedNumbers' | 'recordAudio'
> & {
  readonly pauseTone: PauseTone;
  readonly ownedNumbers: readonly string[] | undefined;
  readonly recordAudio: ResolvedRecordAudioOptions;
};

export function resolveSmaOptions(options: SmaOptions = {}): ResolvedSmaOptions {
  return {
    ...resolveEventForms(options),
    lambdaTimeoutMs: options.lambdaTimeoutMs ?? 5_000,
    lambdaRetries: options.lambdaRetries ?? 1,
    maxInvocations: options.maxInvocations ?? 1_000,
    unansweredMs: options.unansweredMs ?? 30_000,
    outboundRingMs: options.outboundRingMs ?? 60_000,
    neverAnswers: options.neverAnswers ?? [],
    bothLegNames: options.bothLegNames ?? 'call-id-wins',
    goneLegs: options.goneLegs ?? 'dropped',
    ringings: options.ringings ?? 1,
    blankAnswer: options.blankAnswer ?? 'no-actions',
    secondInvalidAnswer: options.secondInvalidAnswer ?? 'ends',
    newCallWithoutActions: options.newCallWithoutActions ?? 'waits',
    receiveDigits: options.receiveDigits ?? 'goes-on',
    recordingKeyTime: options.recordingKeyTime ?? 'leg',
    recordingKeyZone: options.recordingKeyZone ?? 0,
    shortestRecordingMs: options.shortestRecordingMs ?? 0,
    maxAttributes: options.maxAttributes ?? 10,
    unknownAction: options.unknownAction ?? 'ACTION_FAILED',
    firstOfHangup: options.firstOfHangup ?? 'hangup',
    stopReportedAfterHangup: options.stopReportedAfterHangup ?? false,
    redundantStop: options.redundantStop ?? 'failed',
    alsoAnswers: options.alsoAnswers ?? [],
    emptyList: options.emptyList ?? 'replaces',
    replacedList: options.replacedList ?? 'when-last',
    actionOfEndedLeg: options.actionOfEndedLeg ?? 'nothing',
    recordingActionMs: options.recordingActionMs ?? 0,
    secondStart: options.secondStart ?? {
      type: 'InvalidActionParameter',
      message: 'CallId parameter for action is invalid',
    },
    notRecording: options.notRecording ?? {
      type: 'SystemException',
      message: 'System error while running an action',
    },
    redundantPause: options.redundantPause ?? 'successful',
    pauseTone: { frequencyHz: 2_400, durationMs: 200, amplitude: 0.1, ...options.pauseTone },
    deliveryDelayMs: options.deliveryDelayMs ?? 3_000,
    speech: options.speech ?? (() => tone(620)),
    speechMsPerCharacter: options.speechMsPerCharacter ?? 60,
    bargeIn: options.bargeIn ?? true,
    terminatorInDigits: options.terminatorInDigits ?? false,
    digitsFailure: options.digitsFailure ?? { type: 'SystemException', message: 'System error while running action' },
    ownedNumbers: options.ownedNumbers,
    speechRole: options.speechRole ?? 'configured',
    speechesPerSecond: options.speechesPerSecond ?? Number.POSITIVE_INFINITY,
    pauseLimits: options.pauseLimits ?? { shortestMs: 1, longestMs: Number.POSITIVE_INFINITY },
    flushDigits: options.flushDigits ?? 'any',
    sipHeadersToPhones: options.sipHeadersToPhones ?? 'ignored',
    meetingJoinMs: options.meetingJoinMs ?? 500,
    meetingLegHangup: options.meetingLegHangup ?? 'success',
    recordAudio: resolveRecordAudioOptions(options.recordAudio),
  };
}
