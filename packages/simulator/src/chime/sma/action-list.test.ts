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

/** One attempt: the prompt of a second, one second to answer, and the prompt again. */
function playAndGetDigits(event: SmaEvent): SmaAction {
  const { AudioSource } = playAudio(event).Parameters ?? {};
  return action('PlayAudioAndGetDigits', {
    CallId: legA(event),
    AudioSource,
    FailureAudioSource: AudioSource,
    RepeatDurationInMilliseconds: 500,
  });
}

async function call(...settings: Parameters<typeof openCall>): Promise<SmaCall> {
  const opened = await openCall(...settings);
  scene = opened.scene;
  return opened.call;
}

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
    ['Speak', (event) => speak(event, SECOND_TEXT), 1_020],
    ['SpeakAndGetDigits', getDigits, 2_080],
    ['CallAndBridge', () => bridge(), 2_000],
    ['PlayAudioAndGetDigits', playAndGetDigits, 2_500],
  ])('waits for %s, then drops what was behind it', async (type, running, ms) => {
    const handle = await call(
      (event) => [running(event), speak(event, 'dropped')],
      (event) => [speak(event, 'new')],
    );
    scene.application.updateCall(handle.transactionId, {});
    await scene.clock.advance(ms - 1);
    expect(summary(scene.events)).toHaveLength(2);
    await scene.clock.advance(500);
    const rest = type.endsWith('GetDigits')
      ? [`3 ACTION_FAILED ${type}`, '4 ACTION_SUCCESSFUL Speak']
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

  test('what is answered to ACTION_INTERRUPTED is ignored', async () => {
    scene = await openSmaScene((event) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return [speak(event, 'x'), pause(5_000)];
      if (event.InvocationEventType === 'CALL_UPDATE_REQUESTED') return [pause(1_000), speak(event, 'asked for')];
      return event.InvocationEventType === 'ACTION_INTERRUPTED' ? [speak(event, 'ignored')] : undefined;
    });
    const handle = await scene.dial();
    await scene.clock.advance(500);
    scene.application.updateCall(handle.transactionId, {});
    await scene.clock.advance(3_000);
    expect(summary(scene.events).slice(2)).toEqual(['3 ACTION_INTERRUPTED Pause', '4 ACTION_SUCCESSFUL Speak']);
    expect(scene.events.at(-1)?.ActionData?.Parameters).toMatchObject({ Text: 'asked for' });
  });

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
