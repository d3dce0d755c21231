import { afterEach, describe, expect, test } from 'vitest';
import { tone } from '../../call/virtual-call.ts';
import { action, bridge, legA, openSmaScene, type SmaScene, type speak } from '../testing/sma-scene.ts';
import type { SmaEvent } from './sma-event.ts';
import type { SmaOptions } from './sma-options.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function open(sma: SmaOptions, answer: (event: SmaEvent) => ReturnType<typeof speak>[] | undefined) {
  scene = await openSmaScene(answer, { sma });
  return scene.dial();
}

describe('forms in which pages of the documentation print events', () => {
  test('NEW_INBOUND_CALL as NEW_INCOMING_CALL', async () => {
    await open({ newCallEvent: 'NEW_INCOMING_CALL' }, () => undefined);
    expect(scene.events[0]?.InvocationEventType).toBe('NEW_INCOMING_CALL');
  });

  test.each([
    ['InvocationEventType', 'InvocationEvent'],
    ['InvocationEvent', 'InvocationEventType'],
  ] as const)('the outcome of JoinChimeMeeting under %s', async (meetingEventMember, absent) => {
    await open({ meetingEventMember }, (event) =>
      event.Sequence === 1 ? [action('JoinChimeMeeting', { CallId: legA(event) })] : undefined,
    );
    expect(scene.events[1]).toHaveProperty(meetingEventMember, 'ACTION_FAILED');
    expect(scene.events[1]).not.toHaveProperty(absent);
    expect(scene.events[0]).toHaveProperty('InvocationEventType');
  });

  test.each([
    ['top-level', { ErrorType: 'SchemaVersionMismatch' }],
    ['action-data', { ActionData: { ErrorType: 'SchemaVersionMismatch', ErrorMessage: expect.any(String) } }],
  ] as const)('INVALID_LAMBDA_RESPONSE that says why at %s', async (invalidAnswerIn, expected) => {
    scene = await openSmaScene(({ Sequence }) => (Sequence === 1 ? { raw: {} } : undefined), {
      sma: { invalidAnswerIn },
    });
    await scene.dial();
    expect(scene.events[1]).toMatchObject(expected);
    expect('ErrorType' in scene.events[1]!).toBe(invalidAnswerIn === 'top-level');
  });

  test('HANGUP of LEG-B as one example prints it; that of LEG-A like any other', async () => {
    const call = await open({ hangupOfLegB: 'as-printed' }, (event) => (event.Sequence === 1 ? [bridge()] : undefined));
    await scene.clock.advance(3_000);
    call.hangUp('LEG-B');
    await scene.clock.idle();
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'HANGUP',
      ActionData: { Type: 'ReceiveDigits', Parameters: { ParticipantTag: 'LEG-B' } },
      CallDetails: {
        Participants: [
          { ParticipantTag: 'Leg-A', StartTimeInMilliseconds: '1767603600', Status: 'Connected' },
          { ParticipantTag: 'Leg-B', Status: 'Disconnected' },
        ],
      },
    });
    call.hangUp('LEG-A');
    await scene.clock.idle();
    expect(scene.events.at(-1)).toMatchObject({
      ActionData: { Type: 'Hangup' },
      CallDetails: { Participants: [{ ParticipantTag: 'LEG-A' }, { ParticipantTag: 'LEG-B' }] },
    });
  });

  test('the journal keeps the usual form', async () => {
    await open({ newCallEvent: 'NEW_INCOMING_CALL' }, () => undefined);
    expect(scene.chime.invocations()[0]?.event.InvocationEventType).toBe('NEW_INBOUND_CALL');
  });

  test('an outbound call with arguments under another type', async () => {
    scene = await openSmaScene(() => undefined, { sma: { callRequestType: 'CreateSipMediaApplicationCall' } });
    scene.chime.phone('+15550177', { name: 'callee', source: tone(300) });
    scene.application.placeOutboundCall('+15550199', '+15550177', { a: 'b' });
    await scene.clock.idle();
    expect(scene.events[0]?.ActionData).toEqual({
      Type: 'CreateSipMediaApplicationCall',
      Parameters: { Arguments: { a: 'b' } },
    });
  });
});
