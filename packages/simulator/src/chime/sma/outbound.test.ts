import { afterEach, describe, expect, test } from 'vitest';
import { tone, VirtualCall } from '../../call/virtual-call.ts';
import { AGENT, APPLICATION, openSmaScene, type SmaScene, speak, summary } from '../testing/sma-scene.ts';

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

describe('calls placed by the application', () => {
  test('ring, are answered, and ignore what NEW_OUTBOUND_CALL and RINGING answer', async () => {
    scene = await openSmaScene((event) => [speak(event, event.InvocationEventType)]);
    const conversation = new VirtualCall(scene.clock);
    scene.application.expectOutboundCall(AGENT, conversation);
    const call = scene.application.placeOutboundCall(APPLICATION, AGENT, { session: 'one' });
    await scene.clock.advance(3_000);
    expect(summary(scene.events)).toEqual([
      '1 NEW_OUTBOUND_CALL CallRequest',
      '2 RINGING',
      '3 CALL_ANSWERED',
      '4 ACTION_SUCCESSFUL Speak',
    ]);
    expect(scene.events[0]?.ActionData?.Parameters).toEqual({ Arguments: { session: 'one' } });
    expect(scene.events[0]?.CallDetails).not.toHaveProperty('SipRuleId');
    expect(call.call).toBe(conversation);
    expect(conversation.participants.map(({ name }) => name)).toEqual(['agent']);
  });

  test.each([
    ['busy', 486, 100],
    ['no-answer', 480, 60_000],
  ] as const)('%s ends with a HANGUP of %i and no CALL_ANSWERED', async (refuses, code, ms) => {
    scene = await openSmaScene(() => undefined);
    scene.chime.phone(AGENT, { name: 'agent', refuses, source: tone(1000) });
    const call = scene.application.placeOutboundCall(APPLICATION, AGENT);
    await scene.clock.advance(ms);
    await call.ended;
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'HANGUP',
      ActionData: { Type: 'Hangup', Parameters: { SipResponseCode: code, ParticipantTag: 'LEG-A' } },
    });
    expect(summary(scene.events).join()).not.toContain('CALL_ANSWERED');
  });
});
