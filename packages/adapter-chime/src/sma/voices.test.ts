import { readWav, toneLevel } from '@onrecord/core/media';
import { tone } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { handCall, legA } from '../testing/hand-call.ts';
import { AGENT_HZ, bridge, CALLER_HZ, openSmaScene, type SmaScene, story } from '../testing/sma-scene.ts';
import { allTheCallerHears, callerBothWays, smaLeg, whatTheCalleeSays, whatTheCallerSays } from './index.ts';

const SECOND = '+15550124';
const SECOND_HZ = 1_600;

/** Levels in dB of the three voices on each channel of the file of a session. */
async function heard(scene: SmaScene, sessionId: string) {
  const [file] = scene.s3.list('recordings', `calls/${sessionId}/`);
  const { channels, sampleRate } = readWav(scene.s3.get('recordings', file!.key)!.bytes);
  return channels.map((samples) =>
    [CALLER_HZ, AGENT_HZ, SECOND_HZ].map((frequencyHz) => toneLevel(samples, sampleRate, frequencyHz) > -40),
  );
}

describe('which leg, which track', () => {
  const event = {
    SchemaVersion: '1.0',
    Sequence: 1,
    CallDetails: { TransactionId: 't', Participants: [legA, { ...legA, CallId: 'b', ParticipantTag: 'LEG-B' }] },
  };

  test.each([
    ['what the callee says is the incoming track of LEG-B', whatTheCalleeSays, 'b', 'incoming'],
    ['what the caller says is the incoming track of LEG-A', whatTheCallerSays, legA.CallId, 'incoming'],
    ['all the caller hears is the outgoing track of LEG-A', allTheCallerHears, legA.CallId, 'outgoing'],
    ['the caller both ways is both tracks of LEG-A', callerBothWays, legA.CallId, 'separate'],
  ] as const)('%s', (_, choose, callId, layout) => {
    const { call, output } = choose(event, { provider: 'main' });
    expect(call).toMatchObject({ provider: 'main', key: `t/${callId}`, data: { callId } });
    expect(output).toEqual({ media: 'audio', layout, container: 'wav' });
  });

  test('while nobody is bridged there is no callee', () => {
    const alone = { ...event, CallDetails: { ...event.CallDetails, Participants: [legA] } };
    expect(() => whatTheCalleeSays(alone)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

test('three legs give three files, each with the voices that it says', async () => {
  const started: string[] = [];
  await using scene = await openSmaScene({
    ivr: (event, { turn }) => {
      const type = event.ActionData?.Type;
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return { before: [bridge()] };
      if (event.InvocationEventType === 'HANGUP') {
        const { Endpoints: _, ...rest } = bridge().Parameters ?? {};
        const Endpoints = [{ BridgeEndpointType: 'PSTN', Uri: SECOND }];
        return { before: [{ Type: 'CallAndBridge', Parameters: { ...rest, Endpoints } }] };
      }
      if (type === 'CallAndBridge') {
        if (started.length === 0) started.push(turn.start(allTheCallerHears(event)));
        started.push(turn.start(whatTheCalleeSays(event)));
      }
      return undefined;
    },
  });
  scene.chime.phone(SECOND, { name: 'second agent', source: tone(SECOND_HZ) });
  const call = scene.dial();
  await scene.pass(20_000);
  call.hangUp('LEG-B');
  await scene.pass(20_000);
  call.hangUp('LEG-B');
  call.hangUp('LEG-A');
  await scene.pass(10_000);
  expect(story(scene).filter((line) => line.includes('→ StartCallRecording'))).toHaveLength(3);
  expect(new Set(started).size).toBe(3);
  expect(await Promise.all(started.map((id) => heard(scene, id)))).toEqual([
    [[false, true, true]],
    [[false, true, false]],
    [[false, false, true]],
  ]);
  expect((await scene.records()).map(({ snapshot }) => snapshot.endReason)).toEqual(Array(3).fill('call-ended'));
});

test('a leg is started once, also when another leg names it: the second start is refused before it is sent', async () => {
  const errors: unknown[] = [];
  await using scene = await openSmaScene({
    ivr: (event, { turn }) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return { before: [bridge()] };
      if (event.ActionData?.Type !== 'CallAndBridge') return undefined;
      turn.start(callerBothWays(event));
      for (const again of [allTheCallerHears(event), whatTheCallerSays(event), { call: smaLeg(event, 'LEG-A') }]) {
        try {
          turn.start(again);
        } catch (error) {
          errors.push(error);
        }
      }
      return undefined;
    },
  });
  scene.dial();
  await scene.pass(20_000);
  expect(errors).toMatchObject(Array(3).fill({ code: 'already-exists' }));
  expect(story(scene).filter((line) => line.includes('StartCallRecording'))).toHaveLength(2);
});

test('a leg of another call is refused', async () => {
  const errors: unknown[] = [];
  const call = handCall({
    ivr: (event, { turn }) => {
      const other = { ...event, CallDetails: { ...event.CallDetails, TransactionId: 'another' } };
      try {
        turn.start(callerBothWays(other));
      } catch (error) {
        errors.push(error);
      }
      return undefined;
    },
  });
  await call.send({ InvocationEventType: 'CALL_ANSWERED' });
  expect(errors).toMatchObject([{ code: 'invalid-request' }]);
});

test('a caller who hangs up while the recording is paused ends it, and its file comes', async () => {
  await using scene = await openSmaScene({
    onCall: (notice, turn) => void (notice.type === 'call.connected' && notice.answered && turn.start()),
    ivr: (event, { turn, sessionIds }) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return { before: [bridge()] };
      if (event.ActionData?.Type === 'StartCallRecording') turn.pause(sessionIds[0]!);
      return undefined;
    },
  });
  const call = scene.dial();
  await scene.pass(20_000);
  expect((await scene.records())[0]?.snapshot.state).toBe('paused');
  call.hangUp('LEG-B');
  call.hangUp('LEG-A');
  await scene.pass(10_000);
  const [record] = await scene.records();
  expect(record?.snapshot).toMatchObject({ state: 'processing', endReason: 'call-ended' });
  expect(record?.snapshot.pauses).toHaveLength(1);
  expect(scene.s3.list('recordings', `calls/${record?.id}/`)).toHaveLength(1);
});
