import { afterEach, describe, expect, test } from 'vitest';
import {
  action,
  bridge,
  getDigits,
  legA,
  openCall,
  openSmaScene,
  pause,
  playAudio,
  SECOND_TEXT,
  type SmaScene,
  speak,
  startRecording,
  summary,
} from '../testing/sma-scene.ts';
import type { SmaCall } from './sma-call.ts';
import type { SmaAction, SmaEvent } from './sma-event.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function call(...settings: Parameters<typeof openCall>): Promise<SmaCall> {
  const opened = await openCall(...settings);
  scene = opened.scene;
  return opened.call;
}

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

describe('a second party after the first', () => {
  test.each([
    ['dropped', 2],
    ['listed', 3],
  ] as const)('three legs, three files; the gone one is %s', async (goneLegs, participants) => {
    const record = (event: SmaEvent, CallId: string) => startRecording(event, { CallId });
    const legB = (event: SmaEvent) => event.CallDetails.Participants.at(-1)!.CallId;
    scene = await openSmaScene(
      (event) => {
        const { InvocationEventType: type, ActionData } = event;
        if (type === 'NEW_INBOUND_CALL') return [speak(event, 'x'), record(event, legA(event))];
        if (ActionData?.Type === 'CallAndBridge') return [record(event, legB(event))];
        const again = ActionData?.Type === 'StartCallRecording' && event.CallDetails.Participants.length === 1;
        return again || type === 'HANGUP' ? [bridge()] : undefined;
      },
      { sma: { goneLegs } },
    );
    const handle = await scene.dial();
    await scene.clock.advance(4_000);
    handle.hangUp('LEG-B');
    await scene.clock.advance(4_000);
    expect(scene.events.at(-1)?.CallDetails.Participants).toHaveLength(participants);
    handle.hangUp('LEG-B');
    handle.hangUp('LEG-A');
    await scene.clock.advance(10_000);
    const keys = scene.s3.list('recordings').map(({ key }) => key);
    expect(new Set(keys.map((key) => key.split('_').at(-1)))).toHaveProperty('size', 3);
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
    const handle = await call((event) => [speak(event, SECOND_TEXT)], undefined, { sma: { actionOfEndedLeg } });
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
