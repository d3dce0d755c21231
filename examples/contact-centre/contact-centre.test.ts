import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav, toneLevel } from '@onrecord/core/media';
import type { AzureBehaviour } from '@onrecord/simulator';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CallOptions, type RecordedCall, recordCall } from './call.ts';
import { AGENT_HZ, AGENT_NUMBER, CALLER_HZ, CALLER_NUMBER, CARD_HZ, MUSIC_HZ } from './cloud/people.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-centre-'));
});
afterEach(() => rm(folder, { recursive: true }));
const record = (options?: CallOptions) => recordCall(folder, options);

/** Nothing is louder than this where a tone is not, in dBFS; the voices are at −12. */
const FLOOR = -60;

/** Level of a tone in each channel of the file, dBFS. */
function levels({ wav }: RecordedCall, hertz: number): readonly number[] {
  const { channels, sampleRate } = readWav(wav ?? new Uint8Array());
  return channels.map((samples) => toneLevel(samples, sampleRate, hertz));
}

const states = ({ moments }: RecordedCall) => moments.map(({ state }) => state);
const deletions = ({ requests }: RecordedCall) => requests.filter(({ operation }) => operation === 'DeleteContent');

describe('a call that an agent takes', () => {
  let call: RecordedCall;
  beforeAll(async () => {
    const own = await mkdtemp(join(tmpdir(), 'contact-centre-'));
    call = await recordCall(own).finally(() => rm(own, { recursive: true }));
  });

  test('is recorded while the agent is there, and neither in the queue nor during the card form', () => {
    expect(states(call)).toEqual(['paused', 'recording', 'paused', 'recording', 'paused', 'recording', 'processing']);
    expect(call.form).toBe('open');
    expect(call.snapshot).toMatchObject({
      state: 'completed',
      verdict: 'present',
      endReason: 'call-ended',
      anomalies: [],
    });
    const { channels, sampleRate } = readWav(call.wav ?? new Uint8Array());
    // 22 to 32 s, 50 to 62 s and 72 to 80 s after the first ring: Azure takes two seconds for each command.
    expect((channels[0]?.length ?? 0) / sampleRate).toBeCloseTo(30, 1);
    for (const hertz of [CARD_HZ, MUSIC_HZ]) expect(Math.max(...levels(call, hertz))).toBeLessThan(FLOOR);
  });

  test('has the caller on channel 0 and the agent on channel 1, as the tracks say', () => {
    const [callerLevel = 0, callerLeak = 0] = levels(call, CALLER_HZ);
    const [agentLeak = 0, agentLevel = 0] = levels(call, AGENT_HZ);
    expect(Math.min(callerLevel, agentLevel)).toBeGreaterThan(-20);
    expect(Math.max(callerLeak, agentLeak)).toBeLessThan(FLOOR);
    expect(call.snapshot?.artifacts.find(({ role }) => role === 'master')?.tracks).toMatchObject([
      { channel: 0, participant: `4:${CALLER_NUMBER}` },
      { channel: 1, participant: `4:${AGENT_NUMBER}` },
    ]);
  });

  test('was told of, and the record says by which notice', () => {
    expect(call.noticeId).toBeDefined();
    const started = call.requests.findIndex(({ operation }) => operation === 'StartRecording');
    expect(call.requests.findIndex(({ operation }) => operation === 'Play')).toBeLessThan(started);
    expect(call.requests[started]?.body).toMatchObject({ pauseOnStart: true, recordingChannelType: 'unmixed' });
  });

  test('is deleted at Azure once it is archived, with a receipt', () => {
    expect(deletions(call).map(({ status }) => status)).toEqual([200]);
    expect(call.snapshot?.artifacts.find(({ role }) => role === 'master')).toMatchObject({
      state: 'stored',
      released: { outcome: 'deleted', at: expect.any(String), requestId: expect.any(String) },
    });
  });
});

test('a caller who gives up in the queue leaves no file, and none is missed', async () => {
  const call = await record({ abandoned: true });
  expect(states(call)).toEqual(['paused', 'completed']);
  expect(call.snapshot).toMatchObject({ state: 'completed', endReason: 'empty' });
  expect(call.snapshot?.artifacts.filter(({ role }) => role !== 'manifest')).toEqual([]);
});

test('a caller who cannot be told is not recorded, and the supervisor hears of it', async () => {
  const call = await record({ noticeFails: true });
  expect(call.snapshot).toBeUndefined();
  expect(call.requests.map(({ operation }) => operation)).not.toContain('StartRecording');
  expect(call.notes).toEqual([expect.stringContaining('the caller was not told')]);
  expect(await readdir(folder)).toEqual([]);
});

test.each<[string, Partial<AzureBehaviour>]>([
  ['answers 202 to a start', { startStatus: 202 }],
  ['tells of no pause', { pauseEvent: false }],
  ['counts pauses in lengths', { durations: 'wall' }],
  [
    'sends a file event for each file, without the id of the recording in its subject',
    { fileEvents: 'per-file', subject: 'server-call' },
  ],
])('a service that %s: the card number is in no file', async (_, behaviour) => {
  const call = await record({ behaviour });
  expect(call.snapshot).toMatchObject({ state: 'completed', verdict: 'present' });
  expect(Math.max(...levels(call, CARD_HZ))).toBeLessThan(FLOOR);
});

describe('an agent who is off the call', () => {
  test.each([
    ['while the card number is read out', { fromMs: 38_000, toMs: 42_000 }, 'recording'],
    ['when the card form is asked for', { fromMs: 27_000, toMs: 40_000 }, 'recording'],
    ['just then, and comes and goes', { fromMs: 28_500, toMs: 29_800 }, 'recording'],
    ['when the card form is closed', { fromMs: 44_000, toMs: 55_500 }, 'paused'],
  ])(
    '%s: nothing of it is in the file, and afterwards the recording goes on with an agent only',
    async (_, agentAway, afterForm) => {
      const call = await record({ agentAway });
      expect(call.form).toBe('open');
      expect(states(call)).toEqual(['paused', 'recording', 'paused', afterForm, 'paused', 'recording', 'processing']);
      expect(call.snapshot).toMatchObject({ state: 'completed', verdict: 'present', anomalies: [] });
      expect(Math.max(...levels(call, CARD_HZ))).toBeLessThan(FLOOR);
    },
  );
});
