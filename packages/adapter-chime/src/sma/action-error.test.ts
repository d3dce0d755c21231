import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { referenceFiles, withoutReference } from '../testing/reference.ts';
import { smaActionError } from './action-error.ts';
import type { SmaEvent } from './index.ts';

const role = 'AWSServiceRoleForAmazonChimeVoiceConnector';

/** Every documented failure: actions, `ErrorType`, `ErrorMessage`, and what it comes to. */
const failures: readonly (readonly [
  actions: readonly string[],
  type: string,
  messages: readonly string[],
  code: string,
])[] = [
  [
    ['StartCallRecording', 'StopCallRecording', 'PauseCallRecording', 'ResumeCallRecording'],
    'InvalidActionParameter',
    ['CallId parameter for action is invalid'],
    'invalid-request',
  ],
  [
    ['StartCallRecording'],
    'InvalidActionParameter',
    ['Recording track is invalid. Choose INCOMING, OUTGOING, or BOTH', 'Destination parameter is invalid'],
    'invalid-request',
  ],
  [
    ['StartCallRecording', 'StopCallRecording', 'PauseCallRecording', 'ResumeCallRecording', 'RecordAudio'],
    'SystemException',
    ['System error while running an action', 'System error while running an action.'],
    'unavailable',
  ],
  [['StartCallRecording'], 'NoAccessToDestination', ['Error while accessing destination'], 'permission-denied'],
  [['StartCallRecording'], 'NoAccessTODestination', ['Error while accessing destination'], 'permission-denied'],
  [
    ['RecordAudio'],
    'InvalidActionParameter',
    [
      'CallId or ParticipantTag parameter for action is invalid.',
      'DurationInSeconds parameter value is invalid.',
      'SilenceDurationInSeconds parameter value is invalid.',
      'SilenceThreshold parameter value is invalid.',
      'RecordingDestination parameter value is invalid.',
    ],
    'invalid-request',
  ],
  [
    ['RecordAudio'],
    'InvalidActionParameter',
    ['Error occurred while uploading recording to S3 bucket.'],
    'storage-failed',
  ],
  [
    ['Speak', 'SpeakAndGetDigits'],
    'AccessDenied',
    [`The \`${role}\` service-linked role is not configured correctly.`],
    'permission-denied',
  ],
  [
    ['Speak', 'SpeakAndGetDigits', 'PlayAudio', 'PlayAudioAndGetDigits'],
    'InvalidActionParameter',
    ['CallId or ParticipantTag parameter for the action is invalid', ''],
    'invalid-request',
  ],
  [
    ['Speak'],
    'ActionExecutionThrottled',
    ['Amazon Polly is throttling the request to synthesize speech.'],
    'rate-limited',
  ],
  [
    ['Speak', 'SpeakAndGetDigits'],
    'MissingRequiredActionParameter',
    ['`Text` is a required parameter.', '`Text` is limited to 1,000 characters'],
    'invalid-request',
  ],
  [
    ['PlayAudio', 'PlayAudioAndGetDigits', 'CallAndBridge'],
    'InvalidAudioSource',
    ['Audio Source parameter value is invalid.'],
    'permission-denied',
  ],
  [
    ['Speak', 'PlayAudio', 'SpeakAndGetDigits'],
    'SystemException',
    ['System error while running action'],
    'unavailable',
  ],
  [['CallAndBridge'], 'CallNotAnswered', ['Call not answered'], 'timeout'],
  [
    ['CallAndBridge'],
    'InvalidActionParameter',
    ['Endpoints parameter is invalid', 'Caller ID is not defined', 'SIP headers provided are invalid: x-amzn'],
    'invalid-request',
  ],
  [['JoinChimeMeeting'], 'InvalidActionParameter', ['JoinToken parameter value is invalid.'], 'invalid-request'],
  [['JoinChimeMeeting'], 'ErrorJoiningMeeting', ['Error while joining meeting.'], 'unavailable'],
  [['JoinChimeMeeting'], 'SystemException', ['System error while running action'], 'unavailable'],
  [['RecordAudio'], 'SomethingNew', ['in a later year'], 'unknown'],
];

const rows = failures.flatMap(([actions, type, messages, code]) =>
  actions.flatMap((action) => messages.map((message) => [action, type, message, code] as const)),
);

function failed(action: string, error: object): SmaEvent {
  return {
    SchemaVersion: '1.0',
    Sequence: 2,
    InvocationEventType: 'ACTION_FAILED',
    ActionData: { Type: action, Parameters: { CallId: 'leg' }, ...error },
    CallDetails: { TransactionId: 'call', Participants: [{ CallId: 'leg', ParticipantTag: 'LEG-A' }] },
  };
}

describe('the error of an ACTION_FAILED', () => {
  test.each(rows)('of %s with %s, "%s", is %s, in both shapes', (action, ErrorType, ErrorMessage, code) => {
    const members = smaActionError(failed(action, { ErrorType, ErrorMessage }));
    const text = smaActionError(failed(action, { Error: `${ErrorType}: ${ErrorMessage}` }));
    for (const error of [members, text]) {
      expect(OnRecordError.is(error)).toBe(true);
      expect(error?.code).toBe(code);
      expect(error?.message).toContain(`${action} failed. ${ErrorType}`);
      expect(error?.message).toContain(ErrorMessage);
      expect(error?.context).toEqual({ errorType: ErrorType, action, transactionId: 'call', callId: 'leg' });
    }
    expect(text?.retry).toBe(members?.retry);
  });

  test('AccessDenied names the service-linked role, whatever the service says', () => {
    expect(smaActionError(failed('Speak', { ErrorType: 'AccessDenied' }))?.message).toContain(role);
  });

  test('says who may repeat: what is throttled, what the provider failed at, and nothing else', () => {
    const retried = new Set(
      rows.flatMap(([action, type, message]) => {
        const error = smaActionError(failed(action, { ErrorType: type, ErrorMessage: message }));
        return error?.retry === 'safe' ? [type] : [];
      }),
    );
    expect([...retried].sort()).toEqual([
      'ActionExecutionThrottled',
      'CallNotAnswered',
      'ErrorJoiningMeeting',
      'SystemException',
    ]);
  });

  test('is none for an event that tells of no failure', () => {
    expect(smaActionError({ ...failed('Speak', {}), InvocationEventType: 'ACTION_SUCCESSFUL' })).toBeUndefined();
  });

  test.skipIf(withoutReference).each(referenceFiles('events/sma').filter(([name]) => name.startsWith('action-failed')))(
    '%s has a known code',
    (_, event) => {
      expect(smaActionError(event as SmaEvent)?.code).not.toBe('unknown');
    },
  );
});
