import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dominantTone, wavBytes } from '@onrecord/core/media';
import { VOICE_RATE } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTurns } from './find-turns.ts';
import { resampled } from './resample.ts';
import { readScript, turnMs } from './script.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onrecord-speech-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A voice that hums in these stretches (ms), at any rate and on any number of channels. */
function hum(stretches: readonly (readonly [number, number])[], lengthMs: number, sampleRate = 8_000): Int16Array {
  return Int16Array.from({ length: (lengthMs * sampleRate) / 1000 }, (_, index) => {
    const ms = (index * 1000) / sampleRate;
    const loud = stretches.some(([from, to]) => ms >= from && ms < to);
    return loud ? Math.round(8_000 * Math.sin((2 * Math.PI * 300 * index) / sampleRate)) : 0;
  });
}

async function file(name: string, channels: readonly Int16Array[], sampleRate = 8_000): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, wavBytes({ sampleRate, channels }));
  return path;
}

test('the shipped conversation is five turns, and the fourth is the card number', async () => {
  const turns = await readScript();
  expect(turns.map(({ speaker, card }) => (card ? 'card' : speaker))).toEqual([
    'callee',
    'caller',
    'callee',
    'card',
    'callee',
  ]);
  expect(turns.map((turn) => turnMs(turn)).every((ms) => ms > 1_000)).toBe(true);
});

test('turns of your own files are found and put in order, and the last of the caller is the card number', async () => {
  const caller = await file('caller.wav', [
    hum(
      [
        [1_500, 2_500],
        [6_000, 6_800],
        [7_300, 8_000],
      ],
      9_000,
    ),
  ]);
  const callee = await file('callee.wav', [
    hum(
      [
        [0, 1_000],
        [3_000, 4_000],
        [8_500, 9_000],
      ],
      9_000,
    ),
  ]);
  const turns = await readScript({ caller, callee });
  expect(turns.map(({ speaker, card, gapMs }) => [speaker, card, gapMs])).toEqual([
    ['callee', false, 100],
    ['caller', false, 400],
    ['callee', false, 400],
    ['caller', true, 400],
    ['callee', false, 400],
  ]);
  expect(turnMs(turns[3]!)).toBe(2_000);
});

test('a voice of another rate with two channels becomes a telephone voice of the same pitch and length', async () => {
  const voice = hum([[0, 1_500]], 2_000, 48_000);
  const caller = await file('caller.wav', [
    hum(
      [
        [1_500, 2_500],
        [4_000, 5_000],
      ],
      6_000,
    ),
  ]);
  const callee = await file('callee.wav', [voice, voice], 48_000);
  const [first] = await readScript({ caller, callee });
  expect(turnMs(first!)).toBe(1_500);
  expect(dominantTone(first!.samples, VOICE_RATE)?.frequencyHz).toBeCloseTo(300, 0);
});

test('what a telephone cannot carry does not come back as another tone', () => {
  const high = Int16Array.from({ length: 48_000 }, (_, index) =>
    Math.round(9_000 * Math.sin((2 * Math.PI * 5_000 * index) / 48_000)),
  );
  const heard = resampled(high, 48_000, 8_000).subarray(800, 7_200);
  expect(Math.max(...heard.map(Math.abs))).toBeLessThan(90);
});

test('a breath does not end a turn, a pause does', () => {
  expect(
    findTurns(
      hum(
        [
          [100, 600],
          [900, 1_400],
          [2_400, 3_000],
        ],
        3_200,
      ),
    ),
  ).toEqual([
    { fromMs: 100, toMs: 1_400 },
    { fromMs: 2_400, toMs: 3_000 },
  ]);
});

test.each([
  ['nobody speaks', [], [], 'the caller says nothing'],
  [
    'only the caller speaks',
    [
      [0, 1_000],
      [2_000, 3_000],
    ],
    [],
    'the callee says nothing before the card number',
  ],
  ['the caller has only one turn', [[1_500, 2_500]], [[0, 1_000]], 'the caller says nothing before the card number'],
  [
    'it is too long',
    [
      [2_000, 20_000],
      [21_000, 40_000],
    ],
    [[0, 1_000]],
    'of at most 30000',
  ],
] as const)('%s: no conversation', async (_, caller, callee, message) => {
  const files = {
    caller: await file('caller.wav', [hum(caller, 41_000)]),
    callee: await file('callee.wav', [hum(callee, 41_000)]),
  };
  await expect(readScript(files)).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining(message),
  });
});

test('a WAV file of another encoding is refused with what to do', async () => {
  const bytes = wavBytes({ sampleRate: 8_000, channels: [hum([[0, 500]], 1_000)] });
  bytes[20] = 6; // A-law
  const path = join(folder, 'alaw.wav');
  await writeFile(path, bytes);
  await expect(readScript({ caller: path })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/alaw\.wav: .*ffmpeg/),
  });
});
