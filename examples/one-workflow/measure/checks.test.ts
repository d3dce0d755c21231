import { tone, VOICE_RATE } from '@onrecord/simulator';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SpokenTurn } from '../cloud/conversation.ts';
import { readScript, type Speaker, turnMs } from '../speech/script.ts';
import { cardAbsent } from './card-check.ts';
import { MatchedFilter } from './matched-filter.ts';
import { placesOf, type TrackedFile } from './places.ts';
import type { RecordedFile } from './recorded-file.ts';
import { channelsApart, findTurns, turnsPresent } from './speech-checks.ts';
import { cardWindow, duration, pauseMarks, positions, trackOffsets } from './time-checks.ts';

/** The conversation as it was said, half a second between turns, from wall time 0. */
let spoken: readonly SpokenTurn[];
let endedAt: number;

beforeAll(async () => {
  let at = 0;
  spoken = (await readScript()).map((turn) => {
    const startedAt = at + 500;
    at = startedAt + turnMs(turn);
    return { ...turn, startedAt, endedAt: at };
  });
  endedAt = at + 500;
});

const sampleAt = (ms: number) => Math.round((ms * VOICE_RATE) / 1000);

/** A recording of everything, one channel for each; `said` decides what is in it. */
function recorded(said: (turn: SpokenTurn) => boolean = () => true): Record<Speaker, Int16Array> {
  const voices = { caller: new Int16Array(sampleAt(endedAt)), callee: new Int16Array(sampleAt(endedAt)) };
  for (const turn of spoken) if (said(turn)) voices[turn.speaker].set(turn.samples, sampleAt(turn.startedAt));
  return voices;
}

function file(...channels: readonly Int16Array[]): RecordedFile {
  return {
    path: 'p1-master-0.wav',
    partId: 'p1',
    bytes: 0,
    sha256: '',
    durationMs: ((channels[0]?.length ?? 0) * 1000) / VOICE_RATE,
    codec: 'pcm-s16',
    sampleRate: VOICE_RATE,
    channels: channels.map((samples) => ({ samples, filter: new MatchedFilter(samples) })),
  };
}

const card = () => spoken.find((turn) => turn.card)!;
const track = (from: 'participant' | 'everyone-else', channel?: number, offsetMs = 0) => ({ from, channel, offsetMs });
const inChannels: TrackedFile = { partId: 'p1', tracks: [track('participant', 0), track('everyone-else', 1)] };
const byChannel = placesOf([inChannels]);
const whole = () => ({ files: [[{ from: 0, to: endedAt }]], silenced: [] });
/** Without what lay between two wall times. */
const cut = (samples: Int16Array, from: number, to: number) =>
  Int16Array.from([...samples.subarray(0, sampleAt(from)), ...samples.subarray(sampleAt(to))]);

describe('a recording without the card number', () => {
  test('passes, with the numbers that say so', () => {
    const { caller, callee } = recorded((turn) => !turn.card);
    const files = [file(caller, callee)];
    const found = findTurns(files, spoken);
    expect(turnsPresent(found, byChannel)).toMatchObject({ passed: true, measured: { turns: 4, leastLikeness: 1 } });
    expect(channelsApart(files, found, byChannel)).toMatchObject({ passed: true });
    expect(cardAbsent(files, spoken)).toMatchObject({ passed: true });
    expect(cardWindow(files, spoken, whole())).toMatchObject({ passed: true, measured: { loudestDbfs: -120 } });
    expect(duration(files, whole())).toMatchObject({ passed: true, measured: { worstMs: 0 } });
    expect(positions(found, spoken, whole())).toMatchObject({ passed: true, measured: { worstMs: 0 } });
  });

  test('with the mark of the pause in it passes, and with any other sound does not', () => {
    for (const [hertz, passed] of [
      [2_400, true],
      [700, false],
    ] as const) {
      const { caller, callee } = recorded((turn) => !turn.card);
      const mark = tone(hertz, 0.1);
      for (let index = 0; index < 1_600; index++) caller[sampleAt(card().startedAt) + 80 + index] = mark(index);
      const capture = { ...whole(), markHz: 2_400 };
      expect(cardWindow([file(caller, callee)], spoken, capture).passed).toBe(passed);
    }
  });
});

describe('what must not pass does not', () => {
  test('a copy of what was said', () => {
    const { caller, callee } = recorded();
    const files = [file(caller, callee)];
    expect(cardAbsent(files, spoken)).toMatchObject({ passed: false, measured: { heard: 15, cardLikeness: 1 } });
    expect(cardWindow(files, spoken, whole())).toMatchObject({ passed: false });
  });

  test('one digit of the card number, quietly', () => {
    const { caller, callee } = recorded((turn) => !turn.card);
    const at = sampleAt(card().startedAt);
    const digit = card().samples.subarray(sampleAt(1_000), sampleAt(1_700));
    callee.set(
      digit.map((sample) => Math.round(sample / 20)),
      at + sampleAt(1_000),
    );
    expect(cardAbsent([file(caller, callee)], spoken)).toMatchObject({ passed: false });
  });

  test('a search that would find nothing anyway', () => {
    const { caller, callee } = recorded(() => false);
    expect(cardAbsent([file(caller, callee)], spoken)).toMatchObject({ passed: false });
  });

  test('channels that are swapped, mixed, or of nobody known', () => {
    const { caller, callee } = recorded((turn) => !turn.card);
    const swapped = [file(callee, caller)];
    expect(turnsPresent(findTurns(swapped, spoken), byChannel)).toMatchObject({
      passed: false,
      measured: { astray: 4 },
    });
    const both = caller.map((sample, index) => sample + Math.round((callee[index] ?? 0) / 20));
    const leaky = [file(both, callee)];
    expect(channelsApart(leaky, findTurns(leaky, spoken), byChannel)).toMatchObject({ passed: false });
    const right = [file(caller, callee)];
    expect(channelsApart(right, findTurns(right, spoken), () => undefined)).toMatchObject({ passed: false });
    expect(channelsApart([file(both)], [], byChannel)).toBeUndefined();
  });

  test('a pause cut out at the right place passes; too much of it, or another stretch of the same length, does not', () => {
    const { startedAt: from, endedAt: to } = card();
    const voices = recorded((turn) => !turn.card);
    const capture = {
      files: [
        [
          { from: 0, to: from - 200 },
          { from: to + 200, to: endedAt },
        ],
      ],
      silenced: [],
    };
    const cutAt = (begin: number, end: number) => [
      file(cut(voices.caller, begin, end), cut(voices.callee, begin, end)),
    ];

    const right = cutAt(from - 200, to + 200);
    expect(duration(right, capture)).toMatchObject({ passed: true });
    expect(positions(findTurns(right, spoken), spoken, capture)).toMatchObject({ passed: true });
    expect(cardWindow(right, spoken, capture)).toMatchObject({ passed: true, measured: { inFileMs: 0 } });

    expect(duration(cutAt(from - 200, to + 300), capture)).toMatchObject({ passed: false, measured: { worstMs: 100 } });
    const elsewhere = cutAt(0, to - from + 400);
    expect(duration(elsewhere, capture)).toMatchObject({ passed: true });
    expect(positions(findTurns(elsewhere, spoken), spoken, capture)).toMatchObject({ passed: false });
  });

  test('a session that knows of no pause around the card number', () => {
    const { startedAt, endedAt: to } = card();
    const pause = (from: number, until?: number) => ({
      from: new Date(from).toISOString(),
      ...(until === undefined ? {} : { to: new Date(until).toISOString() }),
      precision: 'confirmed' as const,
      effect: 'omitted' as const,
      partId: 'p1',
    });
    expect(pauseMarks([pause(startedAt - 10, to + 10)], spoken)).toMatchObject({ passed: true });
    expect(pauseMarks([pause(startedAt + 100, to + 10)], spoken)).toMatchObject({ passed: false });
    expect(pauseMarks([pause(startedAt - 10)], spoken)).toMatchObject({ passed: false });
    expect(pauseMarks([], spoken)).toMatchObject({ passed: false });
  });
});

describe('a part of two files', () => {
  /** By which the second file begins after the first, in ms. */
  const LATER = 130;
  const inFiles: readonly TrackedFile[] = [
    { partId: 'p1', tracks: [track('participant')] },
    { partId: 'p1', tracks: [track('everyone-else', undefined, LATER)] },
  ];
  const capture = () => ({
    files: [[{ from: 0, to: endedAt }], [{ from: LATER, to: endedAt }]],
    silenced: [],
  });
  /** The caller's file and the callee's, which begins later; `said` decides what is in them. */
  function pair(said: (turn: SpokenTurn) => boolean = (turn) => !turn.card): readonly [RecordedFile, RecordedFile] {
    const { caller, callee } = recorded(said);
    return [file(caller), file(callee.subarray(sampleAt(LATER)))];
  }

  test('without the card number passes, each voice in its own file and each file by its own clock', () => {
    const files = pair();
    const found = findTurns(files, spoken);
    expect(turnsPresent(found, placesOf(inFiles))).toMatchObject({ passed: true, measured: { astray: 0 } });
    expect(channelsApart(files, found, placesOf(inFiles))).toMatchObject({
      passed: true,
      measured: { caller: 'file 1, channel 0', callee: 'file 2, channel 0' },
    });
    expect(cardAbsent(files, spoken)).toMatchObject({ passed: true });
    expect(duration(files, capture())).toMatchObject({ passed: true, measured: { worstMs: 0 } });
    expect(positions(found, spoken, capture())).toMatchObject({ passed: true, measured: { worstMs: 0 } });
    expect(trackOffsets(inFiles, capture())).toMatchObject({ passed: true, measured: { worstMs: 0 } });
  });

  test('that are swapped fails, and so does one that holds the other voice as well', () => {
    const [caller, callee] = pair();
    const swapped = [callee, caller];
    expect(turnsPresent(findTurns(swapped, spoken), placesOf(inFiles))).toMatchObject({
      passed: false,
      measured: { astray: 4 },
    });
    expect(channelsApart(swapped, findTurns(swapped, spoken), placesOf(inFiles))).toMatchObject({ passed: false });
    expect(duration(swapped, capture())).toMatchObject({ passed: false, measured: { worstMs: LATER } });

    const voices = recorded((turn) => !turn.card);
    const both = voices.caller.map((sample, index) => sample + Math.round((voices.callee[index] ?? 0) / 20));
    const leaky = [file(both), callee];
    expect(channelsApart(leaky, findTurns(leaky, spoken), placesOf(inFiles))).toMatchObject({ passed: false });
  });

  test('of which one is missing, holds the card number, or is of nobody known fails', () => {
    const [caller, callee] = pair();
    expect(turnsPresent(findTurns([caller], spoken), placesOf(inFiles))).toMatchObject({ passed: false });
    expect(duration([caller], capture())).toMatchObject({ passed: false });
    const [copied] = pair(() => true);
    expect(cardAbsent([copied, callee], spoken)).toMatchObject({ passed: false });
    const nobody = placesOf([
      { partId: 'p1', tracks: [] },
      { partId: 'p1', tracks: [] },
    ]);
    const files = [caller, callee];
    expect(channelsApart(files, findTurns(files, spoken), nobody)).toMatchObject({ passed: false });
  });

  test('that begin otherwise than their tracks say fails, and one file has nothing to say of it', () => {
    const early = { files: [[{ from: 0, to: endedAt }], [{ from: LATER - 60, to: endedAt }]], silenced: [] };
    expect(trackOffsets(inFiles, early)).toMatchObject({ passed: false, measured: { worstMs: 60 } });
    expect(trackOffsets(inFiles, { files: [early.files[0] ?? []], silenced: [] })?.passed).toBe(false);
    expect(trackOffsets([inChannels], whole())).toBeUndefined();
  });

  test('is one place for each voice in each part', () => {
    const parts = placesOf([...inFiles, ...inFiles.map((each) => ({ ...each, partId: 'p2' }))]);
    expect(parts('callee', 0)).toMatchObject({ file: 1, channel: 0 });
    expect(parts('callee', 2)).toMatchObject({ file: 3, channel: 0 });
  });
});
