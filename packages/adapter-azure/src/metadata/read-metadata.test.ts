import { describe, expect, test } from 'vitest';
import { readMetadata } from './read-metadata.ts';

const one = '8:acs:resource_0000000c-one';
const other = '8:acs:resource_0000000c-other';

/** As seen in recorded traffic: `contentType` and `channelType` stand under each other's name. */
const seen = {
  resourceId: '5f1e4b8e-0000-4000-8000-000000000001',
  callId: '5f1e4b8e-0000-4000-8000-000000000002',
  chunkDocumentId: '0-eus-d16-00000000000000000000000000000001',
  chunkIndex: 0,
  chunkStartTime: '2026-01-05T09:00:00.9497016Z',
  chunkDuration: 19_320,
  pauseResumeIntervals: [{ startTime: '2026-01-05T09:00:03.9450001Z', duration: 5_220 }],
  recordingInfo: {
    contentType: 'mixed',
    channelType: 'audioVideo',
    format: 'mp4',
    audioConfiguration: { sampleRate: 16_000, bitRate: 128_000, channels: 1 },
    videoConfiguration: { longerSideLength: 1920, shorterSideLength: 1080, framerate: 8, bitRate: 1_000_000 },
  },
  participants: [{ participantId: one }, { participantId: other }],
};

const unmixed = {
  ...seen,
  recordingInfo: { channelType: 'unmixed', contentType: 'audio', format: 'wav', audioConfiguration: { channels: 2 } },
  participants: [
    { participantId: one, channel: 1 },
    { participantId: other, channel: 0 },
  ],
};

test('`chunkIndex`, `chunkStartTime`, `pauseResumeIntervals`, `recordingInfo` and `participants` are read', () => {
  expect(readMetadata(seen)).toEqual({
    index: 0,
    startedAt: Date.parse('2026-01-05T09:00:00.949Z'),
    layout: 'mixed',
    container: 'mp4',
    channels: 1,
    durationMs: undefined,
    voices: [
      { participant: one, channel: undefined },
      { participant: other, channel: undefined },
    ],
    pauses: [{ from: '2026-01-05T09:00:03.945Z', durationMs: 5_220 }],
    problems: [],
  });
});

test('`participantId` and `channel` of an unmixed file say who is where', () => {
  expect(readMetadata(unmixed)).toMatchObject({
    layout: 'unmixed',
    container: 'wav',
    channels: 2,
    voices: [
      { participant: one, channel: 1 },
      { participant: other, channel: 0 },
    ],
    problems: [],
  });
});

describe('`contentType` and `channelType` are told apart by their values', () => {
  test.each([
    [{ contentType: 'audio', channelType: 'mixed' }, 'mixed'],
    [{ contentType: 'mixed', channelType: 'audio' }, 'mixed'],
    [{ contentType: 'Unmixed', channelType: 'Audio' }, 'unmixed'],
    [{ channelType: 'unmixed' }, 'unmixed'],
    [{ contentType: 'stereo', channelType: 'hologram' }, undefined],
    [{ contentType: 1, channelType: null }, undefined],
    [{}, undefined],
  ])('%j is %s', (recordingInfo, layout) => {
    expect(readMetadata({ ...seen, recordingInfo })).toMatchObject({ layout, problems: [] });
  });
});

test.each([
  ['mp4', 'mp4'],
  ['WAV', 'wav'],
  ['mp3', 'mp3'],
  ['ogg', undefined],
  [7, undefined],
])('`format` %s is %s', (format, container) => {
  expect(readMetadata({ recordingInfo: { format } }).container).toBe(container);
});

test('`resourceId`, `callId`, `chunkDocumentId`, `sampleRate`, `bitRate`, `videoConfiguration` with `longerSideLength`, `shorterSideLength` and `framerate`, and `version` change nothing', () => {
  const { recordingInfo, resourceId, callId, chunkDocumentId, ...rest } = seen;
  const { videoConfiguration, audioConfiguration, ...info } = recordingInfo;
  const bare = { ...rest, recordingInfo: { ...info, audioConfiguration: { channels: 1 } } };
  expect(readMetadata({ ...bare, version: '2.0' })).toEqual(readMetadata(seen));
  const texts = { ...audioConfiguration, sampleRate: '16000', channels: '1' };
  expect(readMetadata({ ...seen, recordingInfo: { ...recordingInfo, audioConfiguration: texts } })).toEqual(
    readMetadata(seen),
  );
});

describe('`chunkDuration`', () => {
  test.each<[unknown, unknown, number | undefined]>([
    [19_320, [], 19_320],
    ['19320', [], 19_320],
    [19_320.4, [], 19_320],
    // Whether a pause is counted in is not documented.
    [19_320, seen.pauseResumeIntervals, undefined],
    [19_320, undefined, undefined],
    [-1, [], undefined],
    [Number.NaN, [], undefined],
    [Number.POSITIVE_INFINITY, [], undefined],
    [1e300, [], undefined],
    ['1e300', [], undefined],
    ['', [], undefined],
    [{}, [], undefined],
  ])('%s beside pauses %j is %s', (chunkDuration, pauseResumeIntervals, expected) => {
    expect(readMetadata({ chunkDuration, pauseResumeIntervals }).durationMs).toBe(expected);
  });
});

describe('`pauseResumeIntervals`', () => {
  const pause = (second: number, duration: unknown) => ({
    startTime: `2026-01-05T09:00:${String(second).padStart(2, '0')}.0000000Z`,
    duration,
  });

  test('come in order, and no moment twice', () => {
    const told = [
      pause(30, 5_000),
      pause(10, 4_000),
      pause(12, 4_000),
      pause(16, 1_000),
      pause(30, 5_000),
      pause(11, 1),
    ];
    expect(readMetadata({ pauseResumeIntervals: told }).pauses).toEqual([
      { from: '2026-01-05T09:00:10.000Z', durationMs: 7_000 },
      { from: '2026-01-05T09:00:30.000Z', durationMs: 5_000 },
    ]);
  });

  test.each<[string, unknown]>([
    ['no object', 'soon'],
    ['nothing', null],
    ['no `startTime`', { duration: 5_000 }],
    ['no `duration`', { startTime: '2026-01-05T09:00:00Z' }],
    ['a time that is none', { startTime: 'yesterday', duration: 5_000 }],
    ['a time of another age', { startTime: '0001-01-01T00:00:00Z', duration: 5_000 }],
    ['a time beyond all calendars', { startTime: '+275760-09-13T00:00:00Z', duration: 5_000 }],
    ['a number for a time', { startTime: 1_767_603_600_000, duration: 5_000 }],
    ['less than no time', pause(1, -5)],
    ['a length that no time can be added to', pause(1, 1e300)],
    ['a length that is none', pause(1, Number.NaN)],
    ['a length in words', pause(1, 'five seconds')],
  ])(
    'with %s among them prove nothing, since half of the pauses would stand for all, and are told',
    (_name, broken) => {
      const told = { pauseResumeIntervals: [broken, pause(10, '5000')], chunkDuration: 19_320 };
      const { pauses, durationMs, problems } = readMetadata(told);
      expect({ pauses, durationMs }).toEqual({ pauses: undefined, durationMs: undefined });
      expect(problems).toEqual([expect.stringMatching(/lists a pause without .*none of its pauses is counted/)]);
    },
  );

  test.each([undefined, null, 'none', {}])('that are %j prove nothing of pauses', (pauseResumeIntervals) => {
    expect(readMetadata({ pauseResumeIntervals }).pauses).toBeUndefined();
  });
});

describe('`channels` of `audioConfiguration` and `channel` of `participants`', () => {
  const named = (channels: unknown, ...given: unknown[]) =>
    readMetadata({
      recordingInfo: { audioConfiguration: { channels } },
      participants: given.map((channel, index) => ({ participantId: `8:acs:${index}`, channel })),
    });

  test('a channel that nobody is named for is no fault', () => {
    expect(named(5, 0, 1, 3)).toMatchObject({ channels: 5, problems: [] });
  });

  test('a participant without a channel is no fault', () => {
    const { voices, problems } = named(1, 0, undefined, null);
    expect(voices.map(({ channel }) => channel)).toEqual([0, undefined, undefined]);
    expect(problems).toEqual([]);
  });

  test('a channel that the file has not is told, and neither number is believed for the other', () => {
    const { voices, channels, problems } = named(2, 0, 4);
    expect(voices.map(({ channel }) => channel)).toEqual([0, 4]);
    expect(channels).toBeUndefined();
    expect(problems).toEqual(['A metadata file puts a participant on channel 4 of a file that it gives 2 channels.']);
  });

  test.each([5, -1, 1.5, Number.NaN, 'left', {}, true])('channel %s is none, and told', (channel) => {
    const { voices, problems } = named(2, 0, channel);
    expect(voices.map((voice) => voice.channel)).toEqual([0, undefined]);
    expect(problems).toEqual(['A metadata file puts a participant on a channel that no file of Azure has.']);
  });

  test.each([0, -2, 2.5, 6, 1e9, 'many'])('%s channels are no number of channels', (channels) => {
    expect(named(channels).channels).toBeUndefined();
  });

  test('a participant who is named twice counts once, and one who moved counts on both', () => {
    const participants = [
      { participantId: one, channel: 0 },
      { participantId: one, channel: 0 },
      { participantId: one, channel: '2' },
      { participantId: '', channel: 1 },
      { channel: 1 },
      'nobody',
    ];
    expect(readMetadata({ participants }).voices).toEqual([
      { participant: one, channel: 0 },
      { participant: one, channel: 2 },
    ]);
  });

  test('of more people than any call has, the rest is left out', () => {
    const participants = Array.from({ length: 10_000 }, (_, index) => ({ participantId: `8:acs:${index}` }));
    expect(readMetadata({ participants }).voices).toHaveLength(2_000);
  });
});

test.each([
  {},
  { chunkIndex: -1, chunkStartTime: {}, participants: {}, recordingInfo: [] },
  { chunkIndex: 1e12, chunkStartTime: '', participants: 'all', recordingInfo: 'wav' },
  { chunkIndex: 0.5, chunkStartTime: '1969-12-31T00:00:00Z', recordingInfo: { audioConfiguration: 'loud' } },
])('%j says nothing, and nothing is made of it', (file) => {
  expect(readMetadata(file)).toEqual({
    index: undefined,
    startedAt: undefined,
    layout: undefined,
    container: undefined,
    channels: undefined,
    durationMs: undefined,
    voices: [],
    pauses: undefined,
    problems: [],
  });
});
