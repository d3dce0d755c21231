import { readWav } from '@onrecord/core/media';
import { afterEach, describe, expect, test } from 'vitest';
import { tone, VirtualCall } from '../../call/virtual-call.ts';
import { delivered, openRecordedCall, type RecordedCall } from '../testing/recorded-call.ts';
import {
  AGENT,
  AGENT_HZ,
  APPLICATION,
  bridge,
  CALLER,
  CALLER_HZ,
  legA,
  levelAt,
  openSmaScene,
  type SmaScene,
  SPEECH_HZ,
  speak,
  startRecording,
} from '../testing/sma-scene.ts';

const LOUD = -20;
const QUIET = -60;

let scene: SmaScene;
afterEach(() => scene?.[Symbol.asyncDispose]());

async function recordedCall(...settings: Parameters<typeof openRecordedCall>): Promise<RecordedCall> {
  const opened = await openRecordedCall(...settings);
  scene = opened.scene;
  return opened;
}

describe('a recorded leg', () => {
  test('has its participant left and all that they hear right; the key was told when it began', async () => {
    const { call } = await recordedCall();
    await scene.clock.advance(3_000);
    call.hangUp();
    call.hangUp('LEG-B');
    expect(scene.s3.list('recordings')).toHaveLength(0);
    const wav = await delivered(scene);
    const [object] = scene.s3.list('recordings');
    const started = scene.events.find(({ ActionData }) => ActionData?.Type === 'StartCallRecording')!;
    expect(started.InvocationEventType).toBe('ACTION_SUCCESSFUL');
    expect(started.ActionData?.['CallRecordingDestination']).toEqual({
      Type: 'S3',
      Location: `recordings/${object!.key}`,
    });
    const callId = legA(started);
    expect(object!.key).toBe(`sessions/one/2026/01/05/2026-01-05-09-00-00-000_${call.transactionId}_${callId}.wav`);
    expect(object!.contentType).toBe('audio/wav');
    expect(object!.metadata).toEqual({
      'transaction-id': call.transactionId,
      'call-id': callId,
      'recording-duration': '3',
      'recording-audio-file-format': 'audio/wav',
    });
    expect(call.legs.map(({ recorded }) => recorded)).toEqual([true, false]);
    expect(readWav(wav)).toMatchObject({ sampleRate: 8_000, channelCount: 2, durationMs: 3_000 });
    expect(levelAt(wav, 0, CALLER_HZ, 0, 3_000)).toBeGreaterThan(LOUD);
    expect(levelAt(wav, 0, AGENT_HZ, 0, 3_000)).toBeLessThan(QUIET);
    expect(levelAt(wav, 1, AGENT_HZ, 0, 3_000)).toBeGreaterThan(LOUD);
    expect(levelAt(wav, 1, CALLER_HZ, 0, 3_000)).toBeLessThan(QUIET);
  });

  test('without a prefix lies under the default one', async () => {
    const { call } = await recordedCall(undefined, {}, { Destination: { Type: 'S3', Location: 'recordings' } });
    call.hangUp();
    await delivered(scene);
    expect(scene.s3.list('recordings')[0]!.key).toMatch(/^Amazon-Chime-SMA-Call-Recordings\/2026\/01\/05\/2026-01-05-/);
  });

  test.each([
    ['INCOMING', CALLER_HZ, AGENT_HZ],
    ['OUTGOING', AGENT_HZ, CALLER_HZ],
  ])('%s is one channel', async (Track, present, absent) => {
    const { call } = await recordedCall(undefined, {}, { Track });
    await scene.clock.advance(1_000);
    call.hangUp();
    const wav = await delivered(scene);
    expect(readWav(wav).channelCount).toBe(1);
    expect(levelAt(wav, 0, present, 0, 1_000)).toBeGreaterThan(LOUD);
    expect(levelAt(wav, 0, absent, 0, 1_000)).toBeLessThan(QUIET);
  });

  test('a prompt is what the participant hears; their keys are what they say', async () => {
    const { call } = await recordedCall((event) =>
      event.ActionData?.Type === 'StartCallRecording' ? [speak(event, 'twenty characters ok')] : undefined,
    );
    await scene.clock.until(call.press('5', { toneMs: 200 }), 1_000, 10);
    await scene.clock.advance(1_800);
    call.hangUp();
    const wav = await delivered(scene);
    expect(levelAt(wav, 1, SPEECH_HZ, 0, 1_200)).toBeGreaterThan(LOUD);
    expect(levelAt(wav, 1, SPEECH_HZ, 1_200, 2_000)).toBeLessThan(QUIET);
    expect(levelAt(wav, 0, SPEECH_HZ, 0, 1_200)).toBeLessThan(QUIET);
    for (const hertz of [770, 1_336]) {
      expect(levelAt(wav, 0, hertz, 0, 200)).toBeGreaterThan(LOUD);
      expect(levelAt(wav, 0, hertz, 300, 1_000)).toBeLessThan(QUIET);
      expect(levelAt(wav, 1, hertz, 0, 200)).toBeLessThan(QUIET);
    }
  });

  test('a pause is silence of the same length, marked by tones on both channels', async () => {
    const { call, ask } = await recordedCall();
    await scene.clock.advance(1_000);
    ask('PauseCallRecording');
    await scene.clock.advance(2_000);
    ask('ResumeCallRecording');
    await scene.clock.advance(1_000);
    call.hangUp();
    const wav = await delivered(scene);
    expect(readWav(wav).durationMs).toBe(4_000);
    for (const [channel, voice] of [
      [0, CALLER_HZ],
      [1, AGENT_HZ],
    ] as const) {
      expect(levelAt(wav, channel, voice, 0, 1_000)).toBeGreaterThan(LOUD);
      expect(levelAt(wav, channel, 2_400, 1_000, 1_200)).toBeGreaterThan(-25);
      expect(levelAt(wav, channel, voice, 1_000, 3_200)).toBeLessThan(QUIET);
      expect(levelAt(wav, channel, 2_400, 1_250, 2_950)).toBeLessThan(QUIET);
      expect(levelAt(wav, channel, 2_400, 3_000, 3_200)).toBeGreaterThan(-25);
      expect(levelAt(wav, channel, voice, 3_200, 4_000)).toBeGreaterThan(LOUD);
    }
  });

  test('a pause that is never resumed ends with the leg, and its tone may repeat', async () => {
    const { call, ask } = await recordedCall(undefined, { pauseTone: { everyMs: 500, durationMs: 100 } });
    ask('PauseCallRecording');
    await scene.clock.advance(2_000);
    call.hangUp();
    const wav = await delivered(scene);
    expect(readWav(wav).durationMs).toBe(2_000);
    for (const from of [0, 500, 1_000, 1_500]) {
      expect(levelAt(wav, 0, 2_400, from, from + 100)).toBeGreaterThan(-25);
      expect(levelAt(wav, 0, 2_400, from + 150, from + 450)).toBeLessThan(QUIET);
    }
  });

  test('stops once: the file comes while the call goes on, and a second start is refused', async () => {
    const { ask } = await recordedCall((event) =>
      event.ActionData?.Type === 'StopCallRecording' && event.InvocationEventType === 'ACTION_SUCCESSFUL'
        ? [startRecording(event)]
        : undefined,
    );
    await scene.clock.advance(1_000);
    ask('StopCallRecording');
    await scene.clock.idle();
    expect(scene.events.at(-1)).toMatchObject({
      InvocationEventType: 'ACTION_FAILED',
      ActionData: { Type: 'StartCallRecording', ErrorType: 'InvalidActionParameter' },
    });
    expect(readWav(await delivered(scene)).durationMs).toBe(1_000);
  });

  test('of people who are in the conversation already, each under their own name', async () => {
    scene = await openSmaScene((event) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return [bridge()];
      return event.ActionData?.Type === 'CallAndBridge' ? [startRecording(event)] : undefined;
    });
    const conversation = new VirtualCall(scene.clock);
    conversation.join({ name: 'ann', source: tone(500) });
    conversation.join({ name: 'ben', source: tone(1_500) });
    scene.chime.phone(AGENT, { name: 'ben', answersAfterMs: 0 });
    const call = scene.application.placeInboundCall({ from: CALLER, to: APPLICATION, call: conversation, name: 'ann' });
    await scene.clock.advance(1_000);
    call.hangUp('LEG-A');
    call.hangUp('LEG-B');
    const wav = await delivered(scene);
    expect(levelAt(wav, 0, 500, 0, 1_000)).toBeGreaterThan(LOUD);
    expect(levelAt(wav, 1, 1_500, 0, 1_000)).toBeGreaterThan(LOUD);
    expect(conversation.participants.map(({ name, leftAt }) => [name, leftAt !== undefined])).toEqual([
      ['ann', true],
      ['ben', true],
    ]);
  });

  test('each leg has a recording of its own', async () => {
    const { call } = await recordedCall((event) => {
      if (event.ActionData?.Type !== 'StartCallRecording') return undefined;
      const [, other] = event.CallDetails.Participants;
      if (event.ActionData.Parameters?.['CallId'] === other?.CallId) return undefined;
      return [startRecording(event, { CallId: other!.CallId })];
    });
    await scene.clock.advance(1_000);
    call.hangUp('LEG-B');
    await scene.clock.advance(1_000);
    call.hangUp();
    await delivered(scene);
    const files = scene.s3.list('recordings').map(({ bytes }) => bytes);
    const durations = files.map((bytes) => readWav(bytes).durationMs).sort();
    expect(durations).toEqual([1_000, 2_000]);
    const ofCallee = files.find((bytes) => readWav(bytes).durationMs === 1_000)!;
    expect(levelAt(ofCallee, 0, AGENT_HZ, 0, 1_000)).toBeGreaterThan(LOUD);
    const ofCaller = files.find((bytes) => readWav(bytes).durationMs === 2_000)!;
    expect(levelAt(ofCaller, 1, AGENT_HZ, 1_050, 2_000)).toBeLessThan(QUIET);
    expect(levelAt(ofCaller, 0, CALLER_HZ, 1_050, 2_000)).toBeGreaterThan(LOUD);
  });
});
