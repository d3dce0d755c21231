import { afterEach, describe, expect, test } from 'vitest';
import { action, bridge, getDigits, legA, openCall, playAudio, type SmaScene, speak } from '../../testing/sma-scene.ts';
import type { SmaCall } from '../sma-call.ts';
import type { SmaAction, SmaEvent } from '../sma-event.ts';
import type { SmaOptions } from '../sma-options.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

type Parameters = Readonly<Record<string, unknown>>;

/** Answers a call with one action, some of its parameters changed. */
async function ask(make: (event: SmaEvent) => SmaAction, more: Parameters, sma: SmaOptions = {}): Promise<SmaCall> {
  const changed = (event: SmaEvent) => {
    const { Type, Parameters: usual = {} } = make(event);
    return action(Type, { ...usual, ...more });
  };
  const opened = await openCall((event) => [changed(event)], undefined, { sma });
  scene = opened.scene;
  await scene.clock.advance(5_000);
  return opened.call;
}

const failed = () => {
  const event = scene.events.find(({ InvocationEventType }) => InvocationEventType === 'ACTION_FAILED');
  return event && `${event.ActionData?.['ErrorType']}: ${event.ActionData?.['ErrorMessage']}`;
};
const invalid = (message: string) => `InvalidActionParameter: ${message}`;

const receiveDigits = (event: SmaEvent): SmaAction =>
  action('ReceiveDigits', {
    CallId: legA(event),
    InputDigitsRegex: '[5-7]',
    InBetweenDigitsDurationInMilliseconds: 1_000,
    FlushDigitsDurationInMilliseconds: 3_000,
  });
const speech = (event: SmaEvent): SmaAction => speak(event, 'Hello');
const pause = (): SmaAction => action('Pause', { DurationInMilliseconds: '100' });
const hangup = (event: SmaEvent): SmaAction => action('Hangup', { CallId: legA(event) });
const toConnector = (more: Parameters = {}): Parameters => ({
  Endpoints: [
    {
      BridgeEndpointType: 'AWS',
      Arn: 'arn:aws:chime:us-east-1:111122223333:vc/abcdefghijklm2nopq3rs',
      Uri: '5550',
      ...more,
    },
  ],
});

describe('what actions take', () => {
  test.each<[string, (event: SmaEvent) => SmaAction, Parameters]>([
    ['Speak with 1 000 characters', speech, { Text: 'x'.repeat(1_000), VoiceId: 'Joanna', LanguageCode: 'en-US' }],
    ['SpeakAndGetDigits with the greatest numbers', getDigits, { MinNumberOfDigits: '127', MaxNumberOfDigits: '128' }],
    ['PlayAudio with a text for Repeat', playAudio, { Repeat: '2', PlaybackTerminators: ['*'] }],
    ['Hangup with a number for its code', hangup, { SipResponseCode: 486 }],
    ['CallAndBridge for 120 seconds', bridge, { CallTimeoutSeconds: 120 }],
    ['CallAndBridge to a voice connector', bridge, toConnector()],
    ['CallAndBridge with headers', bridge, { ...toConnector(), SipHeaders: { 'X-Floor': '3', 'User-to-User': 'a' } }],
    ['CallAndBridge to a phone with headers', bridge, { SipHeaders: { diversion: 'b' } }],
  ])('%s', async (_, make, more) => {
    await ask(make, more);
    expect(failed() ?? '').not.toContain('InvalidActionParameter');
  });

  test('Hangup ends with the code that it names', async () => {
    await ask(hangup, { SipResponseCode: '480' });
    expect(scene.events.at(-1)?.ActionData).toMatchObject({ Type: 'Hangup', Parameters: { SipResponseCode: 480 } });
  });
});

describe('what actions refuse', () => {
  test.each<[string, (event: SmaEvent) => SmaAction, Parameters, string]>([
    ['Speak: an unknown member of an enum', speech, { Engine: '' }, invalid('')],
    ['Speak: a voice that is none', speech, { VoiceId: '7' }, invalid('')],
    ['Speak: a language that is none', speech, { LanguageCode: 'English' }, invalid('')],
    [
      'Speak: a text that is none',
      speech,
      { Text: 7 },
      'MissingRequiredActionParameter: `Text` is a required parameter.',
    ],
    [
      'SpeakAndGetDigits: a failure text of 1 001 characters',
      getDigits,
      { FailureSpeechParameters: { Text: 'x'.repeat(1_001) } },
      'MissingRequiredActionParameter: `Text` is limited to 1,000 characters',
    ],
    [
      'SpeakAndGetDigits: no failure text',
      getDigits,
      { FailureSpeechParameters: undefined },
      'MissingRequiredActionParameter: `Text` is a required parameter.',
    ],
    ['SpeakAndGetDigits: a negative least number', getDigits, { MinNumberOfDigits: -1 }, 'MinNumberOfDigits'],
    ['SpeakAndGetDigits: 129 digits', getDigits, { MaxNumberOfDigits: 129 }, 'MaxNumberOfDigits'],
    [
      'SpeakAndGetDigits: a greatest number that is the least',
      getDigits,
      { MinNumberOfDigits: 4, MaxNumberOfDigits: 4 },
      'MaxNumberOfDigits',
    ],
    ['SpeakAndGetDigits: no attempt', getDigits, { Repeat: 0 }, 'Repeat'],
    [
      'SpeakAndGetDigits: no time',
      getDigits,
      { RepeatDurationInMilliseconds: undefined },
      'RepeatDurationInMilliseconds',
    ],
    [
      'SpeakAndGetDigits: no time between',
      getDigits,
      { InBetweenDigitsDurationInMilliseconds: 0 },
      'InBetweenDigitsDurationInMilliseconds',
    ],
    ['SpeakAndGetDigits: a pattern that is none', getDigits, { InputDigitsRegex: '[' }, 'InputDigitsRegex'],
    ['SpeakAndGetDigits: a terminator that is no key', getDigits, { TerminatorDigits: ['x'] }, 'TerminatorDigits'],
    ['ReceiveDigits: no pattern', receiveDigits, { InputDigitsRegex: undefined }, 'InputDigitsRegex'],
    ['ReceiveDigits: an empty pattern', receiveDigits, { InputDigitsRegex: '' }, 'InputDigitsRegex'],
    [
      'ReceiveDigits: no time between',
      receiveDigits,
      { InBetweenDigitsDurationInMilliseconds: 0 },
      'InBetweenDigitsDurationInMilliseconds',
    ],
    [
      'ReceiveDigits: no time to flush',
      receiveDigits,
      { FlushDigitsDurationInMilliseconds: undefined },
      'FlushDigitsDurationInMilliseconds',
    ],
    ['PlayAudio: no repetition', playAudio, { Repeat: '0' }, 'Repeat'],
    ['PlayAudio: a terminator of two keys', playAudio, { PlaybackTerminators: ['12'] }, 'PlaybackTerminators'],
    ['Pause: nothing', pause, { DurationInMilliseconds: 0 }, 'Duration'],
    ['Pause: a duration that is none', pause, { DurationInMilliseconds: [100] }, 'Duration'],
    ['Hangup: another code', hangup, { SipResponseCode: 404 }, 'SipResponseCode'],
    ['CallAndBridge: no caller', bridge, { CallerIdNumber: null }, 'Caller ID is not defined.'],
    ['CallAndBridge: a caller without a plus', bridge, { CallerIdNumber: '15550100' }, 'Caller ID is invalid.'],
    ['CallAndBridge: 121 s', bridge, { CallTimeoutSeconds: '121' }, 'MaxCallTimeout parameter is invalid.'],
    ['CallAndBridge: no endpoint', bridge, { Endpoints: [] }, 'The number of endpoints provided is invalid.'],
    [
      'CallAndBridge: a phone with an ARN',
      bridge,
      toConnector({ BridgeEndpointType: 'PSTN', Uri: '+15550123' }),
      'Endpoint parameter is invalid.',
    ],
    ['CallAndBridge: 31 characters', bridge, toConnector({ Uri: 'x'.repeat(31) }), 'Endpoint parameter is invalid.'],
    ['CallAndBridge: no ARN', bridge, toConnector({ Arn: undefined }), 'Endpoint parameter is invalid.'],
    [
      'CallAndBridge: an ARN of something else',
      bridge,
      toConnector({ Arn: 'arn:aws:chime:us-east-1:111122223333:meeting/x' }),
      'Endpoint parameter is invalid.',
    ],
    [
      'CallAndBridge: headers that belong to the service, or to nobody',
      bridge,
      { ...toConnector(), SipHeaders: { 'X-AMZN': 'a', Subject: 'b', 'x-own': 'c' } },
      'Invalid SIP header(s) provided: X-AMZN, Subject',
    ],
    [
      'CallAndBridge: a header of 2 049 characters',
      bridge,
      { ...toConnector(), SipHeaders: { 'x-own': 'c'.repeat(2_049) } },
      'Invalid SIP header(s) provided: x-own',
    ],
  ])('%s', async (_, make, more, message) => {
    await ask(make, more);
    expect(failed()).toContain(message);
    if (!message.includes(':')) expect(failed()).toMatch(/^InvalidActionParameter: /);
  });
});

describe('what pages disagree about', () => {
  const LIMITS: SmaOptions = { pauseLimits: { shortestMs: 100, longestMs: 30_000 } };
  test.each<[string, (event: SmaEvent) => SmaAction, Parameters, SmaOptions, boolean]>([
    ['Pause of 99 ms', pause, { DurationInMilliseconds: '99' }, {}, true],
    ['Pause of 99 ms, strictly', pause, { DurationInMilliseconds: '99' }, LIMITS, false],
    ['Pause of 30 001 ms, strictly', pause, { DurationInMilliseconds: 30_001 }, LIMITS, false],
    ['ReceiveDigits that flushes later', receiveDigits, {}, { flushDigits: 'longer' }, true],
    ['ReceiveDigits that flushes earlier', receiveDigits, {}, { flushDigits: 'shorter' }, false],
    [
      'ReceiveDigits that flushes at once',
      receiveDigits,
      { FlushDigitsDurationInMilliseconds: 1_000 },
      { flushDigits: 'longer' },
      false,
    ],
    ['headers to a phone', bridge, { SipHeaders: { 'x-own': 'a' } }, { sipHeadersToPhones: 'refused' }, false],
  ])('%s', async (_, make, more, sma, taken) => {
    await ask(make, more, sma);
    expect(failed() === undefined).toBe(taken);
  });
});
