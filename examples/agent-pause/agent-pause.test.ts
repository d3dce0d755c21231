import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav, toneLevel, wavBytes } from '@onrecord/core/media';
import type { SmaOptions } from '@onrecord/simulator';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AgentDoes, type RecordedCall, recordCall } from './call.ts';
import { AGENT_HZ, CALLER_HZ, CARD_HZ, CARD_IS_READ } from './cloud/people.ts';
import { heardSpans } from './measure.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-pause-'));
});
afterEach(() => rm(folder, { recursive: true }));

const states = ({ moments }: RecordedCall) => moments.map(({ state }) => state);

describe('an agent who pauses the recording', () => {
  let call: RecordedCall;
  beforeAll(async () => {
    const own = await mkdtemp(join(tmpdir(), 'agent-pause-'));
    call = await recordCall(own).finally(() => rm(own, { recursive: true }));
  });

  test('by PauseCallRecording from a key or a click, and by nothing else, keeps the card number out of the file', () => {
    expect(states(call)).toEqual([
      'recording',
      'paused',
      'recording',
      'paused',
      'recording',
      'processing',
      'completed',
    ]);

    // What the caller said has the number in it, for as long as it was read out; the file has it nowhere.
    const spoken = wavBytes({ sampleRate: 8_000, channels: [call.said] });
    const readMs = CARD_IS_READ.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    expect(heardMs(spoken, 0, CARD_HZ)).toBeCloseTo(readMs, -2);
    const { channels, sampleRate } = readWav(call.wav);
    expect(channels).toHaveLength(2);
    for (const channel of [0, 1]) expect(heardMs(call.wav, channel, CARD_HZ)).toBe(0);
    for (const samples of channels) expect(toneLevel(samples, sampleRate, CARD_HZ)).toBeLessThan(-80);
  });

  test('leaves silence where it was paused, on both sides, and the voices everywhere else', () => {
    const { wav, moments } = call;
    // The file begins when the caller has been told; a key counts when it has sounded and none followed it.
    const begins = 22 * 60;
    const keyMs = 100 + 500;
    const resumeMs = 200;
    const expected = [
      { heard: true, toMs: 8_000 + keyMs },
      { heard: false, toMs: 15_000 + keyMs + resumeMs },
      { heard: true, toMs: 20_000 },
      { heard: false, toMs: 25_000 + resumeMs },
      { heard: true, toMs: 30_000 + keyMs },
    ].map(({ heard, toMs }) => ({ heard, toMs: toMs - begins }));
    const caller = heardSpans(wav, 0, CALLER_HZ);
    expect(caller.map(({ heard }) => heard)).toEqual(expected.map(({ heard }) => heard));
    for (const [index, { toMs }] of expected.entries()) {
      expect(Math.abs((caller[index]?.toMs ?? 0) - toMs)).toBeLessThanOrEqual(150);
    }
    // The agent answers two seconds into the file.
    const agent = heardSpans(wav, 1, AGENT_HZ);
    expect(agent.map(({ heard }) => heard)).toEqual([false, true, false, true, false, true]);
    expect(Math.abs((agent[0]?.toMs ?? 0) - 2_000)).toBeLessThanOrEqual(150);
    expect(moments.map(({ status }) => status).filter(Boolean)).toEqual([202, 202]);
  });

  test('commands the leg that is recorded, whoever pressed the key, and listens for the next one each time', () => {
    const { invocations, callerLeg, updates } = call;
    const actions = invocations.flatMap(({ answer }) => {
      const { Actions = [] } = (answer ?? {}) as {
        readonly Actions?: readonly { readonly Type: string; readonly Parameters: Readonly<Record<string, unknown>> }[];
      };
      return Actions;
    });
    const commands = actions.filter(({ Type }) => Type.endsWith('CallRecording'));
    expect(commands.map(({ Type }) => Type.replace('CallRecording', ''))).toEqual([
      'Start',
      'Pause',
      'Resume',
      'Pause',
      'Resume',
      'Stop',
    ]);
    expect(new Set(commands.map(({ Parameters }) => Parameters['CallId']))).toEqual(new Set([callerLeg]));
    const listening = actions.filter(({ Type }) => Type === 'ReceiveDigits');
    expect(listening).toHaveLength(4);
    expect(listening.some(({ Parameters }) => Parameters['CallId'] === callerLeg)).toBe(false);
    expect(updates).toBe(2);
    expect(invocations.filter(({ event }) => event.InvocationEventType === 'INVALID_LAMBDA_RESPONSE')).toEqual([]);
  });
});

describe('an SMA that does otherwise than usual', () => {
  test.each<[string, SmaOptions]>([
    ['listens for one key at a time', { receiveDigits: 'once' }],
    ['refuses a pause of what is paused', { redundantPause: 'failed' }],
    ['takes its time over recording actions', { recordingActionMs: 400 }],
    [
      'names its members as other pages do',
      { newCallEvent: 'NEW_INCOMING_CALL', applicationIdMember: 'SipApplicationId' },
    ],
  ])('%s: the card number is in no file', async (_, sma) => {
    const call = await recordCall(folder, { chime: { sma } });
    expect(states(call)).toEqual([
      'recording',
      'paused',
      'recording',
      'paused',
      'recording',
      'processing',
      'completed',
    ]);
    for (const channel of [0, 1]) expect(heardMs(call.wav, channel, CARD_HZ)).toBe(0);
  });
});

describe('what changes nothing', () => {
  const run = (...does: readonly AgentDoes[]) => recordCall(folder, { agentDoes: does });

  test('keys without a meaning, and a second key for what is so already', async () => {
    const call = await run(
      { atMs: 6_000, key: '9' },
      { atMs: 8_000, key: '5' },
      { atMs: 10_000, key: '5' },
      { atMs: 14_500, key: '6' },
      { atMs: 17_000, key: '6' },
    );
    expect(states(call)).toEqual(['recording', 'recording', 'paused', 'paused', 'recording', 'recording', 'completed']);
    expect(heardSpans(call.wav, 0, CALLER_HZ)[1]?.heard).toBe(false);
  });

  test('a command that there is not, and a pause of what has ended', async () => {
    const call = await run(
      { atMs: 6_000, click: 'rewind' },
      { atMs: 8_000, click: 'stop' },
      { atMs: 10_000, click: 'pause' },
      { atMs: 12_000, click: 'stop' },
    );
    expect(call.moments.map(({ status }) => status)).toEqual([undefined, 404, 202, 409, 202, undefined]);
    expect(states(call).at(-1)).toBe('completed');
  });
});

function heardMs(wav: Uint8Array, channel: number, hertz: number): number {
  const spans = heardSpans(wav, channel, hertz).filter(({ heard }) => heard);
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}
