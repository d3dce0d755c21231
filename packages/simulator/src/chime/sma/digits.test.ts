import { wavBytes } from '@onrecord/core/media';
import { afterEach, describe, expect, test } from 'vitest';
import { action, legA, openSmaScene, type SmaScene, summary } from '../testing/sma-scene.ts';
import { keyFrequencies } from './dtmf.ts';
import type { SmaAction, SmaEvent } from './sma-event.ts';
import type { SmaOptions } from './sma-options.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function call(first: (event: SmaEvent) => SmaAction, sma: SmaOptions = {}) {
  scene = await openSmaScene(
    (event) => (event.InvocationEventType === 'NEW_INBOUND_CALL' ? [first(event)] : undefined),
    { sma },
  );
  const samples = new Int16Array(4_000);
  scene.s3.put('recordings', 'half.wav', wavBytes({ sampleRate: 8_000, channels: [samples] }), {
    contentType: 'audio/wav',
  });
  return scene.dial();
}

/** The prompt lasts 600 ms, the failure prompt 300 ms. */
const collect = (event: SmaEvent, more: Readonly<Record<string, unknown>> = {}): SmaAction =>
  action('SpeakAndGetDigits', {
    CallId: legA(event),
    SpeechParameters: { Text: 'ten letter' },
    FailureSpeechParameters: { Text: 'again' },
    MinNumberOfDigits: 2,
    MaxNumberOfDigits: 4,
    TerminatorDigits: ['#'],
    InBetweenDigitsDurationInMilliseconds: 1_000,
    Repeat: 2,
    RepeatDurationInMilliseconds: 5_000,
    ...more,
  });

const last = () => scene.events.at(-1);
const press = (handle: Awaited<ReturnType<typeof call>>, keys: string) =>
  scene.clock.until(handle.press(keys), 60_000, 10);

describe('digits that an action collects', () => {
  test.each([
    ['ended by the terminator', '12#', {}, '12'],
    ['ended by the greatest number', '1234', {}, '1234'],
    ['ended by silence', '123', {}, '123'],
    ['that fit a pattern', '41', { InputDigitsRegex: '^4\\d$' }, '41'],
    ['that fit a pattern with the terminator', '41#', { InputDigitsRegex: '^\\d{2}#$' }, '41'],
    ['with a terminator of its own', '12*', { TerminatorDigits: ['*'] }, '12'],
  ])('%s', async (_, keys, parameters, expected) => {
    const handle = await call((event) => collect(event, parameters));
    await scene.clock.advance(700);
    await press(handle, keys);
    await scene.clock.advance(1_000);
    expect(last()).toMatchObject({
      InvocationEventType: 'ACTION_SUCCESSFUL',
      ActionData: { Type: 'SpeakAndGetDigits', ReceivedDigits: expected },
    });
  });

  test('the terminator is part of them, as an option', async () => {
    const handle = await call(collect, { terminatorInDigits: true });
    await press(handle, '12#');
    await scene.clock.advance(100);
    expect(last()?.ActionData?.['ReceivedDigits']).toBe('12#');
  });

  test('a key during the prompt cuts it, or waits for its end as an option', async () => {
    const cut = await call(collect);
    await press(cut, '12#');
    expect(last()?.InvocationEventType).toBe('ACTION_SUCCESSFUL');
    await scene[Symbol.asyncDispose]();
    const waiting = await call(collect, { bargeIn: false });
    await press(waiting, '12#');
    expect(last()?.InvocationEventType).toBe('NEW_INBOUND_CALL');
    await scene.clock.advance(100);
    expect(last()?.ActionData?.['ReceivedDigits']).toBe('12');
  });

  test('too few fail the attempt, and the next one may succeed', async () => {
    const handle = await call(collect);
    await press(handle, '1#');
    await scene.clock.advance(300 + 600);
    await press(handle, '12#');
    await scene.clock.advance(10);
    expect(last()?.ActionData?.['ReceivedDigits']).toBe('12');
  });

  test('none in any attempt fails after the whole time: twice prompt, wait and failure prompt', async () => {
    await call(collect);
    await scene.clock.advance(2 * (600 + 5_000 + 300) - 1);
    expect(scene.events).toHaveLength(1);
    await scene.clock.advance(1);
    expect(last()).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { ErrorType: 'SystemException', ErrorMessage: 'System error while running action' },
    });
    expect(last()?.ActionData).not.toHaveProperty('ReceivedDigits');
  });

  test('the failure is an option', async () => {
    await call(collect, { digitsFailure: { type: 'InvalidAudioSource', message: 'as the guide prints it' } });
    await scene.clock.advance(20_000);
    expect(last()?.ActionData).toMatchObject({ ErrorType: 'InvalidAudioSource' });
  });

  test('from files as from speech', async () => {
    const file = { Type: 'S3', BucketName: 'recordings', Key: 'half.wav' };
    const handle = await call((event) => {
      const { SpeechParameters, FailureSpeechParameters, ...rest } = collect(event).Parameters ?? {};
      return action('PlayAudioAndGetDigits', { ...rest, AudioSource: file, FailureAudioSource: file });
    });
    await press(handle, '99#');
    expect(last()?.ActionData).toMatchObject({ Type: 'PlayAudioAndGetDigits', ReceivedDigits: '99' });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['no time for an attempt', { RepeatDurationInMilliseconds: undefined }],
    ['a greatest number below the least', { MaxNumberOfDigits: 1 }],
    ['a pattern that is none', { InputDigitsRegex: '(' }],
    ['no attempt', { Repeat: 0 }],
  ])('%s is refused', async (_, parameters) => {
    await call((event) => collect(event, parameters));
    expect(last()).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { ErrorType: 'InvalidActionParameter' },
    });
  });
});

describe('ReceiveDigits', () => {
  const arm = (event: SmaEvent): SmaAction =>
    action('ReceiveDigits', {
      CallId: legA(event),
      InputDigitsRegex: '^[5-7]$',
      InBetweenDigitsDurationInMilliseconds: 500,
      FlushDigitsDurationInMilliseconds: 3_000,
    });

  async function armed() {
    scene = await openSmaScene((event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL'
        ? [action('Speak', { CallId: legA(event), Text: 'x' }), arm(event)]
        : undefined,
    );
    const handle = await scene.dial();
    await scene.clock.advance(100);
    return handle;
  }

  test('succeeds at once without digits; a match comes later by DIGITS_RECEIVED, and again', async () => {
    const handle = await armed();
    expect(last()).toMatchObject({
      InvocationEventType: 'ACTION_SUCCESSFUL',
      ActionData: { Type: 'ReceiveDigits', ReceivedDigits: '' },
    });
    await press(handle, '5');
    await scene.clock.advance(600);
    await press(handle, '7');
    await scene.clock.advance(600);
    expect(summary(scene.events).slice(2)).toEqual([
      '3 DIGITS_RECEIVED ReceiveDigits',
      '4 DIGITS_RECEIVED ReceiveDigits',
    ]);
    expect(scene.events.slice(2).map(({ ActionData }) => ActionData?.['ReceivedDigits'])).toEqual(['5', '7']);
  });

  test('digits that do not match are thrown away when the flush time is over', async () => {
    const handle = await armed();
    await press(handle, '91');
    await scene.clock.advance(2_000);
    await press(handle, '5');
    await scene.clock.advance(3_000);
    expect(scene.events).toHaveLength(2);
    await press(handle, '5');
    await scene.clock.advance(600);
    expect(last()?.ActionData?.['ReceivedDigits']).toBe('5');
  });
});

describe('keys', () => {
  test('a terminator ends PlayAudio early, with success', async () => {
    const handle = await call((event) =>
      action('PlayAudio', {
        CallId: legA(event),
        AudioSource: { Type: 'S3', BucketName: 'recordings', Key: 'half.wav' },
        PlaybackTerminators: ['1', '#'],
        Repeat: '4',
      }),
    );
    await press(handle, '9');
    expect(scene.events).toHaveLength(1);
    await press(handle, '1');
    await scene.clock.idle();
    expect(last()).toMatchObject({ InvocationEventType: 'ACTION_SUCCESSFUL', ActionData: { Type: 'PlayAudio' } });
    expect(scene.clock.monotonic()).toBeLessThan(500);
  });

  test('have two frequencies each, and others are refused', async () => {
    expect(keyFrequencies('1')).toEqual([697, 1209]);
    expect(keyFrequencies('#')).toEqual([941, 1477]);
    expect(keyFrequencies('d')).toEqual([941, 1633]);
    expect(() => keyFrequencies('x')).toThrow('"x" is no telephone key');
    const handle = await call(collect);
    await expect(handle.press('x')).rejects.toThrow('no telephone key');
    handle.hangUp();
    await expect(handle.press('1')).rejects.toThrow('LEG-A is not connected');
  });
});
