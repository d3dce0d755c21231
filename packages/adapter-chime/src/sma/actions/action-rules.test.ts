import { describe, expect, test } from 'vitest';
import { referenceFiles, withoutReference } from '../../testing/reference.ts';
import type { SmaAction } from '../event/sma-event.ts';
import { actionProblems } from './action-rules.ts';

const CallId = 'leg';
const speech = { Text: 'Your card number, please.' };
const source = { Type: 'S3', BucketName: 'prompts', Key: 'notice.wav' };
const digits = { CallId, InputDigitsRegex: '^\\d{16}$', RepeatDurationInMilliseconds: 10_000 };

/** Good parameters of each action, and each way in which one of them breaks a rule. */
const rules: readonly (readonly [type: string, good: object, broken: readonly (readonly [string, object])[]])[] = [
  [
    'Speak',
    { CallId, ...speech, Engine: 'neural', LanguageCode: 'en-US', TextType: 'text', VoiceId: 'Joanna' },
    [
      ['Text', { Text: undefined }],
      ['Text', { Text: ' ' }],
      ['Text', { Text: 'x'.repeat(1_001) }],
      ['Engine', { Engine: 'long-form' }],
      ['TextType', { TextType: 'html' }],
      ['VoiceId', { VoiceId: '' }],
      ['LanguageCode', { LanguageCode: 7 }],
      ['CallId', { CallId: 7 }],
    ],
  ],
  [
    'SpeakAndGetDigits',
    {
      ...digits,
      SpeechParameters: speech,
      FailureSpeechParameters: speech,
      MinNumberOfDigits: 12,
      MaxNumberOfDigits: 16,
    },
    [
      ['SpeechParameters', { SpeechParameters: undefined }],
      ['SpeechParameters.Text', { SpeechParameters: {} }],
      ['FailureSpeechParameters.Text', { FailureSpeechParameters: { Text: 'x'.repeat(1_001) } }],
      ['RepeatDurationInMilliseconds', { RepeatDurationInMilliseconds: undefined }],
      ['RepeatDurationInMilliseconds', { RepeatDurationInMilliseconds: 0 }],
      ['InBetweenDigitsDurationInMilliseconds', { InBetweenDigitsDurationInMilliseconds: -1 }],
      ['MinNumberOfDigits', { MinNumberOfDigits: -1 }],
      ['MaxNumberOfDigits', { MaxNumberOfDigits: 12 }],
      ['MaxNumberOfDigits', { MaxNumberOfDigits: 129 }],
      ['TerminatorDigits', { TerminatorDigits: '#' }],
      ['Repeat', { Repeat: 0 }],
      ['InputDigitsRegex', { InputDigitsRegex: '' }],
    ],
  ],
  [
    'PlayAudio',
    { ParticipantTag: 'LEG-A', AudioSource: source, PlaybackTerminators: ['1', '#'], Repeat: '5' },
    [
      ['AudioSource', { AudioSource: undefined }],
      ['AudioSource.Type', { AudioSource: { ...source, Type: 'URL' } }],
      ['AudioSource.BucketName', { AudioSource: { ...source, BucketName: '' } }],
      ['AudioSource.Key', { AudioSource: { ...source, Key: '' } }],
      ['AudioSource.Key', { AudioSource: { ...source, Key: 'ü'.repeat(513) } }],
      ['PlaybackTerminators', { PlaybackTerminators: ['12'] }],
      ['Repeat', { Repeat: '0' }],
      ['ParticipantTag', { ParticipantTag: 'LEG-C' }],
    ],
  ],
  [
    'PlayAudioAndGetDigits',
    { ...digits, AudioSource: source, FailureAudioSource: source },
    [
      ['AudioSource', { AudioSource: undefined }],
      ['FailureAudioSource', { FailureAudioSource: undefined }],
      ['FailureAudioSource.BucketName', { FailureAudioSource: { ...source, BucketName: 'A B' } }],
      ['MaxNumberOfDigits', { MaxNumberOfDigits: 0 }],
    ],
  ],
  [
    'ReceiveDigits',
    { ...digits, InBetweenDigitsDurationInMilliseconds: 1_000, FlushDigitsDurationInMilliseconds: 10_000 },
    [
      ['InputDigitsRegex', { InputDigitsRegex: undefined }],
      ['InBetweenDigitsDurationInMilliseconds', { InBetweenDigitsDurationInMilliseconds: 0 }],
      ['FlushDigitsDurationInMilliseconds', { FlushDigitsDurationInMilliseconds: undefined }],
    ],
  ],
  [
    'Pause',
    { CallId, DurationInMilliseconds: '1000' },
    [
      ['DurationInMilliseconds', { DurationInMilliseconds: '99' }],
      ['DurationInMilliseconds', { DurationInMilliseconds: 30_001 }],
    ],
  ],
  [
    'CallAndBridge',
    {
      CallTimeoutSeconds: 30,
      CallerIdNumber: '+15550100',
      Endpoints: [{ BridgeEndpointType: 'PSTN', Uri: '+15550123' }],
    },
    [
      ['CallTimeoutSeconds', { CallTimeoutSeconds: 121 }],
      ['CallerIdNumber', { CallerIdNumber: undefined }],
      ['CallerIdNumber', { CallerIdNumber: '555' }],
      ['Endpoints', { Endpoints: [] }],
      ['RingbackTone.Key', { RingbackTone: { ...source, Key: '' } }],
    ],
  ],
  ['JoinChimeMeeting', { JoinToken: 'token', CallId }, [['JoinToken', { JoinToken: '' }]]],
];

const action = (Type: string, Parameters: object): SmaAction => ({ Type, Parameters: { ...Parameters } });

describe('the rules of an action', () => {
  test.each(rules)('%s is sound', (type, good) => {
    expect(actionProblems(action(type, good), 'before[0]')).toEqual([]);
  });

  test.each(
    rules.flatMap(([type, good, broken]) => broken.map(([field, change]) => [type, field, change, good] as const)),
  )('%s with a wrong %s is told by name (%j)', (type, field, change, good) => {
    const paths = actionProblems(action(type, { ...good, ...change }), 'before[0]').map(({ path }) => path);
    expect(paths).toEqual([`before[0].Parameters.${field}`]);
  });

  test('are told all at once', () => {
    const problems = actionProblems(action('Speak', { Text: 'x'.repeat(1_001), Engine: 'x' }), 'before[0]');
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('CallId'),
      'Must have at most 1000 characters, and has 1001.',
      'Must be standard or neural.',
    ]);
  });

  test('of a type that is not known are none: the service may have more', () => {
    expect(actionProblems(action('StartBotConversation', {}), 'after[0]')).toEqual([]);
  });

  test.skipIf(withoutReference).each(referenceFiles('events/sma'))('hold for the action that %s shows', (_, event) => {
    const { ActionData } = event as { readonly ActionData?: SmaAction };
    const problems = ActionData ? actionProblems(ActionData, 'shown').map(({ path }) => path) : [];
    // Numbers and buckets are placeholders there.
    expect(problems.filter((path) => !/\.(CallerIdNumber|BucketName)$/.test(path))).toEqual([]);
  });
});
