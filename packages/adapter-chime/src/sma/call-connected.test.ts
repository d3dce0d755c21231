import { describe, expect, test } from 'vitest';
import { handCall, legA } from '../testing/hand-call.ts';
import { referenceFiles, withoutReference } from '../testing/reference.ts';
import { bridge, openSmaScene, story } from '../testing/sma-scene.ts';
import type { SmaEvent } from './index.ts';

const { Status: _, ...offered } = legA;
const legB = {
  ...legA,
  CallId: 'c0ffee00-0000-4000-8000-000000000002',
  ParticipantTag: 'LEG-B',
  Direction: 'Outbound',
} as const;
const placed = { ...offered, Direction: 'Outbound' } as const;

const told = (call: ReturnType<typeof handCall>) =>
  call.notices.map((notice) => [
    notice.type,
    notice.call.data['callId'],
    ...(notice.type === 'call.connected' ? [notice.answered] : []),
  ]);

describe('call.connected', () => {
  test.each([
    ['NEW_INBOUND_CALL', offered],
    ['NEW_INBOUND_CALL', legA],
    ['NEW_INCOMING_CALL', offered],
  ] as const)(
    'is told at %s, which nobody has answered, and the application sees NEW_INBOUND_CALL',
    async (type, leg) => {
      const seen: unknown[] = [];
      const call = handCall({ ivr: ({ InvocationEventType }) => void seen.push(InvocationEventType) });
      call.details = { ...call.details, Participants: [leg] };
      await call.send({ InvocationEventType: type });
      expect(told(call)).toEqual([['call.connected', legA.CallId, false]]);
      expect(seen).toEqual(['NEW_INBOUND_CALL']);
    },
  );

  test('is told at CALL_ANSWERED, never at NEW_OUTBOUND_CALL or RINGING, however often it rings', async () => {
    const call = handCall();
    call.details = { ...call.details, Participants: [{ ...placed, Status: 'Connected' }] };
    for (const InvocationEventType of ['NEW_OUTBOUND_CALL', 'RINGING', 'RINGING']) {
      const { Actions } = await call.send({ InvocationEventType });
      expect(Actions).toBeUndefined();
    }
    expect(told(call)).toEqual([]);
    await call.send({ InvocationEventType: 'CALL_ANSWERED' });
    expect(told(call)).toEqual([['call.connected', legA.CallId, true]]);
  });

  test.each(['CallAndBridge', 'JoinChimeMeeting'])(
    'is told of the new leg at the ACTION_SUCCESSFUL of %s, once, though the action names LEG-A',
    async (Type) => {
      const call = handCall();
      await call.send({ InvocationEventType: 'CALL_ANSWERED' });
      call.details = { ...call.details, Participants: [legA, legB] };
      const report = { ActionData: { Type, Parameters: { CallId: legA.CallId } } };
      await call.send({ InvocationEventType: 'ACTION_SUCCESSFUL', ...report });
      await call.send({ InvocationEventType: 'ACTION_SUCCESSFUL', ...report });
      expect(told(call)).toEqual([
        ['call.connected', legA.CallId, true],
        ['call.connected', legB.CallId, true],
      ]);
    },
  );

  test('is made up for by the next event, whatever it is, where the function missed one', async () => {
    const call = handCall();
    call.details = { ...call.details, Participants: [legA, legB] };
    await call.send({ InvocationEventType: 'DIGITS_RECEIVED', ActionData: { Type: 'ReceiveDigits' } });
    expect(told(call).map(([, leg]) => leg)).toEqual([legA.CallId, legB.CallId]);
  });

  test('is not told of a leg that an event shows as gone, nor at the HANGUP of a call that nobody answered', async () => {
    const call = handCall();
    call.details = { ...call.details, Participants: [{ ...placed, Status: 'Disconnected' }] };
    const Parameters = { CallId: legA.CallId, ParticipantTag: 'LEG-A', SipResponseCode: 486 };
    await call.send({ InvocationEventType: 'HANGUP', ActionData: { Type: 'Hangup', Parameters } });
    expect(told(call)).toEqual([['call.ended', legA.CallId]]);
  });

  test('the HANGUP of one leg ends that leg, also where its action and tag are printed otherwise', async () => {
    const call = handCall();
    call.details = { ...call.details, Participants: [legA, legB] };
    await call.send({ InvocationEventType: 'CALL_ANSWERED' });
    const Parameters = { CallId: legB.CallId, ParticipantTag: 'Leg-B' };
    await call.send({ InvocationEventType: 'HANGUP', ActionData: { Type: 'CallAndBridge', Parameters } });
    expect(told(call).at(-1)).toEqual(['call.ended', legB.CallId]);
  });
});

describe('forms of events that the documentation prints', () => {
  test.each(['InvocationEvent', 'InvocationEventType'] as const)('%s and SipApplicationId are read', async (member) => {
    const call = handCall();
    const { SipMediaApplicationId, ...details } = call.details;
    call.details = { ...details, SipApplicationId: SipMediaApplicationId };
    await call.send({ [member]: 'CALL_ANSWERED' });
    expect(call.notices[0]?.call.data).toMatchObject({ sipMediaApplicationId: SipMediaApplicationId });
  });

  test.skipIf(withoutReference)(
    'the success of JoinChimeMeeting as it is printed tells of the leg of the meeting',
    async () => {
      const [, printed] = referenceFiles('events/sma').find(([name]) => name.includes('successful.JoinChimeMeeting'))!;
      const { CallDetails, ...event } = printed as SmaEvent;
      const call = handCall();
      call.details = CallDetails;
      await call.send(event);
      const legs = CallDetails.Participants.filter(({ Status }) => Status === 'Connected').map(({ CallId }) => CallId);
      expect(told(call).map(([, leg]) => leg)).toEqual(legs);
    },
  );

  test('however a whole call is printed, it is recorded and told of as ever', async () => {
    await using scene = await openSmaScene({
      chime: {
        sma: {
          applicationIdMember: 'SipApplicationId',
          newCallEvent: 'NEW_INCOMING_CALL',
          statusInNewInboundCall: true,
          hangupOfLegB: 'as-printed',
          ringings: 0,
        },
      },
      onCall: (notice, turn) => void (notice.type === 'call.connected' && notice.answered && turn.start()),
      ivr: (event) => (event.InvocationEventType === 'NEW_INBOUND_CALL' ? { before: [bridge()] } : undefined),
    });
    const call = scene.dial();
    await scene.pass(20_000);
    call.hangUp('LEG-B');
    call.hangUp('LEG-A');
    await scene.pass(10_000);
    expect(story(scene)[0]).toBe('NEW_INCOMING_CALL → CallAndBridge');
    expect(scene.notices.map(({ type }) => type)).toEqual([
      'call.connected',
      'call.connected',
      'call.ended',
      'call.ended',
    ]);
    expect((await scene.records())[0]?.snapshot.endReason).toBe('call-ended');
  });
});
