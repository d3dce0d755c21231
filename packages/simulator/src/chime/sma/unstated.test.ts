import { afterEach, describe, expect, test } from 'vitest';
import { openRecordedCall } from '../testing/recorded-call.ts';
import {
  AGENT,
  APPLICATION,
  action,
  legA,
  openCall,
  openSmaScene,
  type SmaScene,
  speak,
  summary,
} from '../testing/sma-scene.ts';
import type { SmaCall } from './sma-call.ts';
import type { SmaOptions } from './sma-options.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function recorded(sma: SmaOptions): Promise<SmaCall> {
  const opened = await openRecordedCall(undefined, sma);
  scene = opened.scene;
  return opened.call;
}

describe('what no page tells', () => {
  test.each([0, 1, 3])('a call that the application places has %i RINGING', async (ringings) => {
    scene = await openSmaScene(() => undefined, { sma: { ringings } });
    scene.application.placeOutboundCall(APPLICATION, AGENT);
    await scene.clock.advance(3_000);
    expect(scene.events.filter(({ InvocationEventType }) => InvocationEventType === 'RINGING')).toHaveLength(ringings);
  });

  test('an answer of null is one without actions, or is told by INVALID_LAMBDA_RESPONSE', async () => {
    scene = await openSmaScene(({ Sequence }) => (Sequence === 1 ? { raw: null } : undefined), {
      sma: { blankAnswer: 'INVALID_LAMBDA_RESPONSE' },
    });
    await scene.dial();
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 INVALID_LAMBDA_RESPONSE']);
    expect(scene.events[1]?.ErrorMessage).toBe('Response is empty or blank');
  });

  test('a second invalid answer ends the call, or is ignored as an option', async () => {
    scene = await openSmaScene(() => ({ raw: 'no' }), { sma: { secondInvalidAnswer: 'ignored' } });
    const call = await scene.dial();
    await scene.clock.advance(1_000);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 INVALID_LAMBDA_RESPONSE']);
    expect(call.legs[0]?.status).toBe('Ringing');
  });

  test.each([
    ['waits', 'Ringing'],
    ['ends', 'Disconnected'],
  ] as const)('a new call whose answer has no actions %s', async (newCallWithoutActions, status) => {
    scene = await openSmaScene(() => [], { sma: { newCallWithoutActions } });
    const call = await scene.dial();
    await scene.clock.advance(1_000);
    expect(call.legs[0]?.status).toBe(status);
  });

  test.each([
    ['goes-on', 2],
    ['once', 1],
  ] as const)('ReceiveDigits %s after it has reported', async (receiveDigits, times) => {
    const listen = (CallId: string) =>
      action('ReceiveDigits', {
        CallId,
        InputDigitsRegex: '^[5-7]$',
        InBetweenDigitsDurationInMilliseconds: 300,
        FlushDigitsDurationInMilliseconds: 1_000,
      });
    const opened = await openCall((event) => [speak(event, 'x'), listen(legA(event))], undefined, {
      sma: { receiveDigits },
    });
    scene = opened.scene;
    await scene.clock.advance(500);
    for (const key of ['5', '6']) {
      await scene.clock.until(opened.call.press(key), 1_000, 10);
      await scene.clock.advance(1_000);
    }
    expect(scene.events.filter(({ InvocationEventType: type }) => type === 'DIGITS_RECEIVED')).toHaveLength(times);
  });

  test.each([
    ['leg', 0, '2026/01/05/2026-01-05-09-00-00-000_'],
    ['call', 0, '2026/01/05/2026-01-05-09-00-00-000_'],
    ['recording', 0, '2026/01/05/2026-01-05-09-00-02-000_'],
    ['leg', -600, '2026/01/04/2026-01-04-23-00-00-000_'],
  ] as const)('the key of a recording has the time of the %s, %i minutes east', async (time, zone, expected) => {
    const call = await recorded({ recordingKeyTime: time, recordingKeyZone: zone });
    call.hangUp();
    await scene.clock.advance(10_000);
    expect(scene.s3.list('recordings')[0]?.key).toContain(`sessions/one/${expected}`);
  });

  test('a short recording may leave no file', async () => {
    const call = await recorded({ shortestRecordingMs: 1_000 });
    await scene.clock.advance(999);
    call.hangUp();
    await scene.clock.advance(10_000);
    expect(scene.s3.list('recordings')).toEqual([]);
  });

  test('ten actions are taken in one answer', async () => {
    const opened = await openCall((event) => Array.from({ length: 10 }, (_, at) => speak(event, `${at}`)));
    scene = opened.scene;
    await scene.clock.advance(1_000);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_SUCCESSFUL Speak']);
    expect(scene.events[1]?.ActionData?.Parameters).toMatchObject({ Text: '9' });
  });
});
