import { afterEach, describe, expect, test } from 'vitest';
import { tone } from '../../call/virtual-call.ts';
import type { SimulatedChime } from '../simulated-chime.ts';
import { type ChimeOptions, startChime } from '../start-chime.ts';
import { CALLER, legA, openSmaScene, type SmaScene, speak, summary } from '../testing/sma-scene.ts';
import type { SipMediaApplication } from './sip-media-application.ts';
import { SipRule, type SipRuleOptions } from './sip-rule.ts';
import type { SmaCall } from './sma-call.ts';
import type { SmaEvent } from './sma-event.ts';

const NUMBER = '+15550188';

let scene: SmaScene;
let west: SimulatedChime | undefined;
afterEach(async () => {
  await west?.close();
  west = undefined;
  await scene?.[Symbol.asyncDispose]();
});

/** An application in us-east-1 whose function fails where `fails` says, and one in us-west-2 that speaks. */
async function openRegions(
  fails: (event: SmaEvent) => boolean,
  options: Partial<ChimeOptions> = {},
): Promise<{ readonly second: SipMediaApplication; readonly western: SmaEvent[] }> {
  scene = await openSmaScene((event) => {
    if (fails(event)) throw new Error('the region is down');
    return event.Sequence === 1 ? [speak(event, 'east')] : undefined;
  });
  west = await startChime({ clock: scene.clock, s3: scene.s3, region: 'us-west-2', ...options });
  const western: SmaEvent[] = [];
  const second = west.sipMediaApplication(async (event) => {
    western.push(event);
    return { SchemaVersion: '1.0', ...(western.length === 1 ? { Actions: [speak(event, 'west')] } : {}) };
  });
  return { second, western };
}

async function dial(second: SipMediaApplication, options: SipRuleOptions = {}): Promise<SmaCall> {
  const targets = [
    { application: second, priority: 2 },
    { application: scene.application, priority: 1 },
  ];
  const rule = new SipRule(targets, { id: 'rule-1', ...options });
  const call = rule.placeInboundCall({ from: CALLER, to: NUMBER, source: tone(440) });
  await scene.clock.advance(1_000);
  return call;
}

describe('a SIP rule with applications of two regions', () => {
  test('hands a call to the one with the lowest number', async () => {
    const { second, western } = await openRegions(() => false);
    await dial(second);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_SUCCESSFUL Speak']);
    expect(scene.events[0]?.CallDetails.SipRuleId).toBe('rule-1');
    expect(western).toEqual([]);
  });

  test('gives the same transaction to the next one when the first cannot be invoked, its repetition included', async () => {
    const { second, western } = await openRegions(() => true);
    const call = await dial(second);
    expect(summary(scene.events)).toEqual(['1 NEW_INBOUND_CALL', '1 NEW_INBOUND_CALL']);
    expect(summary(western)).toEqual(['1 NEW_INBOUND_CALL', '2 ACTION_SUCCESSFUL Speak']);
    const [east, taken] = [scene.events[0]!.CallDetails, western[0]!.CallDetails];
    expect(taken).toEqual({
      ...east,
      AwsRegion: 'us-west-2',
      SipMediaApplicationId: second.id,
    });
    expect(taken.TransactionId).toBe(call.transactionId);
    expect(legA(western[0]!)).toBe(call.legs[0]?.callId);
  });

  test('updates reach the call through the application that took it over', async () => {
    const { second, western } = await openRegions(() => true);
    const call = await dial(second);
    expect(second.updateCall(call.transactionId, { do: 'x' })).toBe(true);
    await scene.clock.idle();
    expect(western.at(-1)?.InvocationEventType).toBe('CALL_UPDATE_REQUESTED');
    expect(second.calls.map(({ transactionId }) => transactionId)).toEqual([call.transactionId]);
    call.hangUp();
    await scene.clock.until(call.ended);
    expect(western.at(-1)?.InvocationEventType).toBe('HANGUP');
  });

  test('the next one may get the next Sequence, as an option', async () => {
    const { second, western } = await openRegions(() => true);
    await dial(second, { sequence: 'next' });
    expect(summary(western)).toEqual(['2 NEW_INBOUND_CALL', '3 ACTION_SUCCESSFUL Speak']);
  });

  test('a call that is up ends with 480 when its function fails, or goes on in the next region, as an option', async () => {
    const ended = await openRegions(({ Sequence }) => Sequence > 1);
    const lost = await dial(ended.second);
    await lost.ended;
    expect(ended.western).toEqual([]);
    expect(lost.legs[0]?.status).toBe('Disconnected');
    await west?.close();
    await scene[Symbol.asyncDispose]();

    const { second, western } = await openRegions(({ Sequence }) => Sequence > 1);
    const call = await dial(second, { handsOver: 'any-event' });
    expect(summary(western)).toEqual(['2 ACTION_SUCCESSFUL Speak', '3 ACTION_SUCCESSFUL Speak']);
    expect(call.legs[0]?.status).toBe('Connected');
  });

  test('the call ends when every region fails', async () => {
    const { second } = await openRegions(() => true);
    west?.lambdaFaults.next({ match: 'NEW_INBOUND_CALL', fault: { status: 500 }, times: 2 });
    const call = await dial(second);
    await call.ended;
    expect(call.legs[0]?.status).toBe('Disconnected');
    expect(west?.invocations().map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'answered']);
  });

  test('takes no two targets of one region or one priority, and not none', async () => {
    const { second } = await openRegions(() => false);
    const { application } = scene;
    expect(() => new SipRule([])).toThrow('needs a target');
    expect(
      () =>
        new SipRule([
          { application, priority: 1 },
          { application, priority: 2 },
        ]),
    ).toThrow('different regions, not us-east-1, us-east-1');
    expect(
      () =>
        new SipRule([
          { application, priority: 1 },
          { application: second, priority: 1 },
        ]),
    ).toThrow('different priorities, not 1, 1');
  });
});
