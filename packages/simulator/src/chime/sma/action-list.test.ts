import { wavBytes } from '@onrecord/core/media';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChimeOptions } from '../start-chime.ts';
import {
  type Answer,
  action,
  bridge,
  legA,
  openSmaScene,
  type SmaScene,
  speak,
  startRecording,
  summary,
} from '../testing/sma-scene.ts';
import type { SmaAction, SmaEvent } from './sma-event.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

/** 17 characters of 60 ms. */
const second = 'about one second.';

/** Answers the first event with `first`, CALL_UPDATE_REQUESTED with `update`, anything else with nothing. */
async function call(
  first: (event: SmaEvent) => readonly SmaAction[],
  update: (event: SmaEvent) => Answer = () => undefined,
  options: Partial<ChimeOptions> = {},
) {
  scene = await openSmaScene((event) => {
    if (event.InvocationEventType === 'NEW_INBOUND_CALL') return first(event);
    if (event.InvocationEventType === 'CALL_UPDATE_REQUESTED') return update(event);
    return undefined;
  }, options);
  const samples = new Int16Array(8_000).fill(1_000);
  scene.s3.put('recordings', 'second.wav', wavBytes({ sampleRate: 8_000, channels: [samples] }), {
    contentType: 'audio/wav',
  });
  return scene.dial();
}

function playAudio(event: SmaEvent, more: Readonly<Record<string, unknown>> = {}): SmaAction {
  const AudioSource = { Type: 'S3', BucketName: 'recordings', Key: 'second.wav' };
  return action('PlayAudio', { CallId: legA(event), AudioSource, ...more });
}

function pause(ms: number): SmaAction {
  return action('Pause', { DurationInMilliseconds: String(ms) });
}

const getDigits = (event: SmaEvent): SmaAction =>
  action('SpeakAndGetDigits', {
    CallId: legA(event),
    SpeechParameters: { Text: second },
    FailureSpeechParameters: { Text: 'x' },
    RepeatDurationInMilliseconds: 1_000,
  });

describe('the list rule', () => {
  test('success comes once, with the last action, so a start in the middle never tells its key', async () => {
    await call((event) => [speak(event, 'a'), startRecording(event), speak(event, 'b')]);
    await scene.clock.advance(1_000);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_SUCCESSFUL Speak']);
    expect(scene.events[1]?.ActionData?.Parameters).toMatchObject({ Text: 'b' });
    expect(JSON.stringify(scene.events)).not.toContain('CallRecordingDestination');
  });

  test('a failure drops the rest of the list', async () => {
    const handle = await call((event) => [
      speak(event, 'a'),
      startRecording(event, { Track: 'NONE' }),
      action('Hangup', { CallId: legA(event) }),
    ]);
    await scene.clock.advance(1_000);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_FAILED StartCallRecording']);
    expect(handle.legs[0]?.status).toBe('Connected');
  });

  test('no Actions keep the running list; an empty list replaces it, or keeps it as an option', async () => {
    const handle = await call((event) => [pause(1_000), speak(event, 'a')]);
    scene.application.updateCall(handle.transactionId, {});
    await scene.clock.advance(2_000);
    expect(summary(scene.events)).toEqual([
      '1 NEW_INBOUND_CALL',
      '2 CALL_UPDATE_REQUESTED CallUpdateRequest',
      '3 ACTION_SUCCESSFUL Speak',
    ]);
    await scene[Symbol.asyncDispose]();

    const emptied = await call(
      (event) => [pause(1_000), speak(event, 'a')],
      () => [],
    );
    scene.application.updateCall(emptied.transactionId, {});
    await scene.clock.advance(2_000);
    expect(summary(scene.events)).toEqual([
      '1 NEW_INBOUND_CALL',
      '2 CALL_UPDATE_REQUESTED CallUpdateRequest',
      '3 ACTION_INTERRUPTED Pause',
    ]);
    await scene[Symbol.asyncDispose]();

    const kept = await call(
      (event) => [pause(1_000), speak(event, 'a')],
      () => [],
      { sma: { emptyList: 'keeps' } },
    );
    scene.application.updateCall(kept.transactionId, {});
    await scene.clock.advance(2_000);
    expect(summary(scene.events).at(-1)).toBe('3 ACTION_SUCCESSFUL Speak');
  });
});

describe('a new list while one runs', () => {
  test.each<[string, (event: SmaEvent) => SmaAction]>([
    ['PlayAudio', (event) => playAudio(event)],
    ['Pause', () => pause(1_000)],
  ])('interrupts %s at once; the answer to ACTION_INTERRUPTED is ignored', async (type, running) => {
    const handle = await call(
      (event) => [speak(event, ''.padEnd(10, 'x')), running(event), speak(event, 'dropped')],
      (event) => [speak(event, 'new')],
    );
    await scene.clock.advance(1_100);
    scene.application.updateCall(handle.transactionId, {});
    await scene.clock.advance(200);
    expect(summary(scene.events).slice(1)).toEqual([
      '2 CALL_UPDATE_REQUESTED CallUpdateRequest',
      `3 ACTION_INTERRUPTED ${type}`,
      '4 ACTION_SUCCESSFUL Speak',
    ]);
    expect(scene.events.at(-1)?.ActionData?.Parameters).toMatchObject({ Text: 'new' });
  });

  test.each<[string, (event: SmaEvent) => SmaAction, number]>([
    ['Speak', (event) => speak(event, second), 1_020],
    ['SpeakAndGetDigits', getDigits, 2_080],
    ['CallAndBridge', () => bridge(), 2_000],
  ])('waits for %s, then drops what was behind it', async (type, running, ms) => {
    const handle = await call(
      (event) => [running(event), speak(event, 'dropped')],
      (event) => [speak(event, 'new')],
    );
    scene.application.updateCall(handle.transactionId, {});
    await scene.clock.advance(ms - 1);
    expect(summary(scene.events)).toHaveLength(2);
    await scene.clock.advance(500);
    const rest =
      type === 'SpeakAndGetDigits'
        ? ['3 ACTION_FAILED SpeakAndGetDigits', '4 ACTION_SUCCESSFUL Speak']
        : ['3 ACTION_SUCCESSFUL Speak'];
    expect(summary(scene.events).slice(2)).toEqual(rest);
    expect(scene.events.at(-1)?.ActionData?.Parameters).toMatchObject({ Text: 'new' });
  });

  test.each([
    ['when-last', ['ACTION_SUCCESSFUL Speak old', 'ACTION_SUCCESSFUL Speak new']],
    ['never', ['ACTION_SUCCESSFUL Speak new']],
  ] as const)(
    'an action that completes its list although it was replaced is reported: %s',
    async (replacedList, expected) => {
      const handle = await call(
        (event) => [speak(event, 'old')],
        (event) => [speak(event, 'new')],
        { sma: { replacedList } },
      );
      scene.application.updateCall(handle.transactionId, {});
      await scene.clock.advance(1_000);
      const told = scene.events
        .slice(2)
        .map(
          ({ InvocationEventType, ActionData }) =>
            `${InvocationEventType} ${ActionData?.Type} ${ActionData?.Parameters?.['Text']}`,
        );
      expect(told).toEqual(expected);
    },
  );

  test('an interrupted prompt is not heard any longer', async () => {
    const handle = await call(
      (event) => [playAudio(event)],
      (event) => [startRecording(event)],
    );
    await scene.clock.advance(500);
    scene.application.updateCall(handle.transactionId, {});
    await scene.clock.advance(1_000);
    handle.hangUp();
    await scene.clock.advance(5_000);
    const [file] = scene.s3.list('recordings', 'sessions');
    expect(new Set(new Int16Array(file!.bytes.buffer, 44).filter((_, index) => index % 2 === 1))).toEqual(new Set([0]));
  });
});

describe('what answers an inbound leg', () => {
  test.each<[string, (event: SmaEvent) => readonly SmaAction[], boolean]>([
    ['Speak', (event) => [speak(event, 'a')], true],
    ['PlayAudio', (event) => [playAudio(event)], true],
    ['SpeakAndGetDigits', (event) => [getDigits(event)], true],
    ['Pause', () => [pause(100)], false],
    ['nothing', () => [], false],
  ])('%s', async (_, actions, answered) => {
    const handle = await call(actions);
    await scene.clock.advance(29_999);
    expect(handle.legs[0]?.status).toBe(answered ? 'Connected' : 'Ringing');
    await scene.clock.advance(1);
    expect(handle.legs[0]?.status).toBe(answered ? 'Connected' : 'Disconnected');
    if (!answered) expect(scene.events.at(-1)).toMatchObject({ ActionData: { Parameters: { SipResponseCode: 480 } } });
  });

  test('Pause, as an option', async () => {
    const handle = await call(() => [pause(100)], undefined, { sma: { alsoAnswers: ['Pause'] } });
    expect(handle.legs[0]?.status).toBe('Connected');
  });

  test('a bridge answers the caller when the agent answers', async () => {
    const handle = await call(() => [bridge()]);
    await scene.clock.advance(1_999);
    expect(handle.legs.map(({ status }) => status)).toEqual(['Ringing']);
    await scene.clock.advance(1);
    expect(handle.legs.map(({ status }) => status)).toEqual(['Connected', 'Connected']);
  });

  test('Hangup does not: the call ends unanswered', async () => {
    const handle = await call((event) => [action('Hangup', { CallId: legA(event), SipResponseCode: '486' })]);
    await handle.ended;
    expect(handle.call.participants).toEqual([]);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 HANGUP Hangup']);
    expect(scene.events[1]?.ActionData?.Parameters).toMatchObject({ SipResponseCode: 486 });
  });
});

describe('legs that end', () => {
  test('an answer to the HANGUP of one leg runs on the other; the last HANGUP is ignored', async () => {
    scene = await openSmaScene((event) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return [bridge()];
      if (event.InvocationEventType !== 'HANGUP') return undefined;
      return event.CallDetails.Participants.map(({ CallId }) => action('Hangup', { CallId })).slice(1);
    });
    const handle = await scene.dial();
    await scene.clock.advance(2_000);
    handle.hangUp('LEG-A');
    await scene.clock.until(handle.ended, 1_000);
    expect(summary(scene.events).slice(2)).toEqual(['3 HANGUP Hangup', '4 HANGUP Hangup']);
  });

  test.each([
    ['nothing', []],
    ['ACTION_FAILED', ['3 ACTION_FAILED Speak']],
    ['ACTION_SUCCESSFUL', ['3 ACTION_SUCCESSFUL Speak']],
  ] as const)('an action whose leg ends tells %s', async (actionOfEndedLeg, rest) => {
    const handle = await call((event) => [speak(event, second)], undefined, { sma: { actionOfEndedLeg } });
    await scene.clock.advance(500);
    handle.hangUp();
    await scene.clock.advance(2_000);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 HANGUP Hangup', ...rest]);
  });

  test('an update of a call that is over finds nothing', async () => {
    const handle = await call((event) => [speak(event, 'a')]);
    handle.hangUp();
    expect(scene.application.updateCall(handle.transactionId, {})).toBe(false);
  });
});

describe('actions that cannot run', () => {
  test('one that a fault fails has no effect', async () => {
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL' ? [speak(event, 'x'), startRecording(event)] : undefined,
    );
    const error = { type: 'SystemException', message: 'System error while running an action' };
    scene.chime.actionFaults.next({ match: 'StartCallRecording', fault: error });
    const handle = await scene.dial();
    await scene.clock.advance(100);
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { Type: 'StartCallRecording', ErrorType: error.type, ErrorMessage: error.message },
    });
    handle.hangUp();
    await scene.clock.advance(10_000);
    expect(scene.s3.list('recordings')).toEqual([]);
  });

  test.each(['JoinChimeMeeting', 'RecordAudio', 'SendDigits'])('%s says that it is not simulated', async (type) => {
    await call(() => [action(type)]);
    expect(scene.events.at(-1)?.ActionData).toMatchObject({ Type: type, ErrorMessage: `${type} is not simulated` });
  });

  test('an unknown one', async () => {
    await call(() => [action('Sing')]);
    expect(scene.events.at(-1)?.ActionData?.['ErrorMessage']).toContain('Unsupported action name');
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no text', {}, '`Text` is a required parameter.'],
    ['a text of 1 001 characters', { Text: 'x'.repeat(1_001) }, '`Text` is limited to 1,000 characters'],
    ['an engine that is none', { Text: 'x', Engine: 'steam' }, ''],
    ['broken markup', { Text: '<speak>x', TextType: 'ssml' }, ''],
  ])('Speak with %s', async (_, parameters, ErrorMessage) => {
    await call((event) => [action('Speak', { CallId: legA(event), ...parameters })]);
    expect(scene.events.at(-1)).toMatchObject({ InvocationEventType: 'ACTION_FAILED', ActionData: { ErrorMessage } });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['an object that is not there', { Key: 'other.wav' }],
    ['a bucket that is not there', { BucketName: 'elsewhere' }],
    ['an object of another type', { Key: 'text.txt' }],
    ['a file that is no WAV', { Key: 'broken.wav' }],
  ])('PlayAudio of %s', async (_, source) => {
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL'
        ? [playAudio(event, { AudioSource: { Type: 'S3', BucketName: 'recordings', Key: 'x', ...source } })]
        : undefined,
    );
    scene.s3.put('recordings', 'text.txt', Buffer.from('hello'), { contentType: 'text/plain' });
    scene.s3.put('recordings', 'broken.wav', Buffer.from('RIFF'), { contentType: 'audio/wav' });
    await scene.dial();
    expect(scene.events.at(-1)?.ActionData).toMatchObject({
      ErrorType: 'InvalidAudioSource',
      ErrorMessage: 'Audio Source parameter value is invalid.',
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['no caller id', { CallerIdNumber: undefined }],
    ['a caller id that is no number', { CallerIdNumber: 'me' }],
    ['two endpoints', { Endpoints: [{}, {}] }],
    ['an endpoint that is no number', { Endpoints: [{ BridgeEndpointType: 'PSTN', Uri: 'agent' }] }],
    ['121 seconds', { CallTimeoutSeconds: 121 }],
    ["somebody else's number", { CallerIdNumber: '+15559999' }],
  ])('CallAndBridge with %s', async (_, parameters) => {
    await call(() => [{ Type: 'CallAndBridge', Parameters: { ...bridge().Parameters, ...parameters } }], undefined, {
      sma: { ownedNumbers: [] },
    });
    expect(scene.events.at(-1)?.ActionData).toMatchObject({ ErrorType: 'InvalidActionParameter' });
  });
});
