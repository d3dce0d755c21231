import { afterEach, describe, expect, test } from 'vitest';
import { openRecordedCall, type RecordedCall } from '../testing/recorded-call.ts';
import {
  action,
  getDigits,
  legA,
  openCall,
  openSmaScene,
  SECOND_TEXT,
  type SmaScene,
  speak,
  startRecording,
  summary,
} from '../testing/sma-scene.ts';
import type { SmaOptions } from './sma-options.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function recordedCall(sma: SmaOptions): Promise<RecordedCall> {
  const opened = await openRecordedCall(undefined, sma);
  scene = opened.scene;
  return opened;
}

const outcome = () => `${scene.events.at(-1)?.InvocationEventType} ${scene.events.at(-1)?.ActionData?.['ErrorType']}`;

describe('recording commands that are out of place', () => {
  const OWN = { type: 'Own', message: 'own' };
  test.each<[string, readonly string[], SmaOptions, string]>([
    ['a second Stop fails', ['Stop', 'Stop'], {}, 'ACTION_FAILED SystemException'],
    [
      'a second Stop succeeds, as an option',
      ['Stop', 'Stop'],
      { redundantStop: 'successful' },
      'ACTION_SUCCESSFUL undefined',
    ],
    [
      'Pause after Stop fails, even so',
      ['Stop', 'Pause'],
      { redundantStop: 'successful' },
      'ACTION_FAILED SystemException',
    ],
    ['Pause after Stop fails in words of its own', ['Stop', 'Pause'], { notRecording: OWN }, 'ACTION_FAILED Own'],
    ['Pause twice succeeds', ['Pause', 'Pause'], {}, 'ACTION_SUCCESSFUL undefined'],
    [
      'Pause twice fails, as an option',
      ['Pause', 'Pause'],
      { redundantPause: 'failed' },
      'ACTION_FAILED SystemException',
    ],
    ['Resume while not paused succeeds', ['Resume'], {}, 'ACTION_SUCCESSFUL undefined'],
    [
      'Resume while not paused fails, as an option',
      ['Resume'],
      { redundantPause: 'failed' },
      'ACTION_FAILED SystemException',
    ],
  ])('%s', async (_, commands, sma, expected) => {
    const { ask } = await recordedCall(sma);
    for (const command of commands) {
      ask(`${command}CallRecording`);
      await scene.clock.advance(500);
    }
    expect(outcome()).toBe(expected);
  });

  test.each<[string, SmaOptions, string]>([
    ['fails', {}, 'InvalidActionParameter'],
    ['fails in words of its own, as an option', { secondStart: OWN }, 'Own'],
  ])('a second StartCallRecording %s, after a StopCallRecording too', async (_, sma, type) => {
    const opened = await openCall(
      (event) => [speak(event, 'x'), startRecording(event)],
      (event) => [action('StopCallRecording', { CallId: legA(event) }), startRecording(event)],
      { sma },
    );
    scene = opened.scene;
    await scene.clock.advance(500);
    scene.application.updateCall(opened.call.transactionId, {});
    await scene.clock.advance(500);
    expect(outcome()).toBe(`ACTION_FAILED ${type}`);
  });

  test('Stop without any Start fails', async () => {
    const opened = await openCall((event) => [speak(event, 'x'), action('StopCallRecording', { CallId: legA(event) })]);
    scene = opened.scene;
    await scene.clock.advance(500);
    expect(outcome()).toBe('ACTION_FAILED SystemException');
  });
});

describe('what a hang-up is followed by', () => {
  test.each([
    [false, ['HANGUP']],
    [true, ['HANGUP', 'ACTION_SUCCESSFUL StopCallRecording']],
  ])('a recording that it ended is reported as stopped: %s', async (stopReportedAfterHangup, expected) => {
    const { call } = await recordedCall({ stopReportedAfterHangup });
    const before = scene.events.length;
    call.hangUp();
    await scene.clock.advance(1_000);
    const told = scene.events
      .slice(before)
      .map(({ InvocationEventType: type, ActionData }) => (type === 'HANGUP' ? type : `${type} ${ActionData?.Type}`));
    expect(told).toEqual(expected);
  });

  test.each([
    ['hangup', ['2 HANGUP Hangup', '3 ACTION_FAILED Speak']],
    ['action', ['2 ACTION_FAILED Speak', '3 HANGUP Hangup']],
  ] as const)('the action at work and the HANGUP: the %s first', async (firstOfHangup, expected) => {
    const sma: SmaOptions = { firstOfHangup, actionOfEndedLeg: 'ACTION_FAILED' };
    const { scene: opened, call } = await openCall((event) => [speak(event, SECOND_TEXT)], undefined, { sma });
    scene = opened;
    await scene.clock.advance(500);
    call.hangUp();
    await scene.clock.until(call.ended);
    expect(summary(scene.events).slice(1)).toEqual(expected);
  });

  test('the same order holds for the Hangup of an application', async () => {
    const opened = await openCall((event) => [speak(event, 'x'), action('Hangup')], undefined, {
      sma: { firstOfHangup: 'action' },
    });
    scene = opened.scene;
    await scene.clock.advance(1_000);
    await scene.clock.until(opened.call.ended);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 HANGUP Hangup']);
  });
});

describe('what answers', () => {
  test.each<[string, SmaOptions, 'Ringing' | 'Connected']>([
    ['StartCallRecording alone does not', {}, 'Ringing'],
    ['StartCallRecording alone does, as an option', { alsoAnswers: ['StartCallRecording'] }, 'Connected'],
  ])('%s', async (_, sma, status) => {
    const opened = await openCall((event) => [startRecording(event)], undefined, { sma });
    scene = opened.scene;
    await scene.clock.advance(100);
    expect(opened.call.legs[0]?.status).toBe(status);
    expect(scene.events.at(-1)?.InvocationEventType).toBe(
      status === 'Connected' ? 'ACTION_SUCCESSFUL' : 'ACTION_FAILED',
    );
  });

  test('an action whose page says nothing does, or does not, as an option; Speak always does', async () => {
    const opened = await openCall((event) => [getDigits(event)], undefined, {
      sma: { neverAnswers: ['SpeakAndGetDigits', 'Speak'] },
    });
    scene = opened.scene;
    expect(opened.call.legs[0]?.status).toBe('Ringing');
    expect(outcome()).toBe('ACTION_FAILED InvalidActionParameter');
    await scene[Symbol.asyncDispose]();
    const spoken = await openCall((event) => [speak(event, 'x')], undefined, { sma: { neverAnswers: ['Speak'] } });
    scene = spoken.scene;
    expect(spoken.call.legs[0]?.status).toBe('Connected');
  });
});

describe('limits that pages disagree about', () => {
  const attributes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, 'x']));
  test.each([
    [10, 10, false],
    [10, 11, true],
    [100, 100, false],
    [100, 101, true],
  ])('at most %i TransactionAttributes: %i', async (maxAttributes, count, refused) => {
    scene = await openSmaScene(
      ({ Sequence }) =>
        Sequence === 1 ? { raw: { SchemaVersion: '1.0', TransactionAttributes: attributes(count) } } : undefined,
      { sma: { maxAttributes } },
    );
    await scene.dial();
    expect(scene.events[1]?.ErrorType).toBe(refused ? 'TransactionAttributesInvalidMapSize' : undefined);
    if (refused) expect(scene.events[1]?.ErrorMessage).toContain(`mappings is ${maxAttributes}`);
  });

  test.each([
    ['ACTION_FAILED', ['2 ACTION_FAILED Sing']],
    ['INVALID_LAMBDA_RESPONSE', ['2 INVALID_LAMBDA_RESPONSE']],
  ] as const)('an unknown action is told by %s', async (unknownAction, expected) => {
    const opened = await openCall((event) => [speak(event, 'x'), action('Sing')], undefined, {
      sma: { unknownAction },
    });
    scene = opened.scene;
    await scene.clock.advance(500);
    expect(summary(scene.events).slice(1)).toEqual(expected);
  });
});
