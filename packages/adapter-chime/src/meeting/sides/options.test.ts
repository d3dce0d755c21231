import type { JsonObject } from '@onrecord/core';
import { Secret } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { LIVE_URL, openSidesScene, STREAM_KEY } from '../../testing/sides-scene.ts';
import { chimeMeetingProblems } from '../config.ts';
import { chimeMeeting } from '../driver.ts';

const base = { region: 'us-east-1', bucket: 'recordings' };
const problems = (sides: unknown) =>
  chimeMeetingProblems({ ...base, sides }).map(({ path, message }) => `${path}: ${message}`);
const output = (wrong: object) => problems({ live: { a: { url: LIVE_URL, ...wrong } } });
const streams = (wrong: object) => problems({ always: { streams: { pool: 'calls', type: 'mixed', ...wrong } } });

describe('the configuration of side outputs', () => {
  test('takes what is right', () => {
    expect(problems(undefined)).toEqual([]);
    expect(
      problems({
        live: { a: { url: new Secret(LIVE_URL), mux: 'composited', channels: 1, sampleRateHz: 44_100 } },
        always: {
          live: 'a',
          streams: [
            { pool: 'p', type: 'mixed' },
            { pool: 'p', type: 'individual' },
          ],
        },
      }),
    ).toEqual([]);
    expect(output({ url: 'rtmp://a.example/app/key', allowRtmp: true })).toEqual([]);
  });

  test.each([
    ['no address', { url: undefined }, 'sides.live.a.url: Missing.'],
    ['an empty address', { url: '' }, 'sides.live.a.url: Must be rtmps://<server>/<stream key>.'],
    ['no stream key', { url: 'rtmps://a.example' }, 'sides.live.a.url: Must be rtmps://<server>/<stream key>.'],
    ['another protocol', { url: 'https://a.example/x' }, 'sides.live.a.url: Must be rtmps://<server>/<stream key>.'],
    [
      'no encryption',
      { url: 'rtmp://a.example/x' },
      'sides.live.a.url: Must be rtmps://, or allowRtmp must say that the way to the server is safe.',
    ],
    ['a number', { url: 7 }, 'sides.live.a.url: Must be text or a Secret.'],
    [
      'over 1,024 characters',
      { url: `rtmps://a/${'x'.repeat(1_024)}` },
      'sides.live.a.url: Must have at most 1024 characters.',
    ],
    ['another picture', { mux: 'grid' }, 'sides.live.a.mux: Must be composited or active-speaker.'],
    [
      'a grid that is not shown',
      { mux: 'active-speaker', compositedVideo: { GridViewConfiguration: { ContentShareLayout: 'Vertical' } } },
      "sides.live.a.compositedVideo: Belongs to mux: 'composited'.",
    ],
    ['three channels', { channels: 3 }, 'sides.live.a.channels: Must be 1 or 2.'],
    ['another rate', { sampleRateHz: 16_000 }, 'sides.live.a.sampleRateHz: Must be 44100 or 48000.'],
    ['a rate in text', { sampleRateHz: '48000' }, 'sides.live.a.sampleRateHz: Must be 44100 or 48000.'],
    ['a strange permission', { allowRtmp: 'yes' }, 'sides.live.a.allowRtmp: Must be true or false.'],
  ])('refuses a live output with %s', (_what, wrong, problem) => {
    expect(output(wrong)).toEqual([problem]);
  });

  test.each([
    ['an empty pool', { pool: '' }, /^sides\.always\.streams\.pool: Must be a name of 1 to 128/],
    ['a pool of 129 characters', { pool: 'x'.repeat(129) }, /pool: Must be a name/],
    ['a pool with a slash', { pool: 'a/b' }, /pool: Must be a name/],
    ['no pool', { pool: undefined }, /pool: Missing/],
    ['another type', { type: 'video' }, /type: Must be mixed or individual/],
    ['more than one mixed stream', { reservedCapacity: 2 }, /reservedCapacity: Must be 1 for mixed/],
    ['a capacity of 0', { type: 'individual', reservedCapacity: 0 }, /reservedCapacity: Must be a whole number from 1/],
    ['a capacity of 11', { type: 'individual', reservedCapacity: 11 }, /from 1 to 10/],
    ['half a stream', { type: 'individual', reservedCapacity: 1.5 }, /whole number/],
    ['a slip', { capacity: 3 }, /There is no such option/],
  ])('refuses streams with %s', (_what, wrong, problem) => {
    expect(streams(wrong)).toEqual([expect.stringMatching(problem)]);
  });

  test('checks a grid as that of a recording', () => {
    const [problem, ...others] = output({
      compositedVideo: { GridViewConfiguration: { ContentShareLayout: 'Diagonal' } },
    });
    expect(problem).toMatch(/^sides\.live\.a\.compositedVideo\.GridViewConfiguration\.ContentShareLayout: /);
    expect(others).toEqual([]);
  });

  test('is told everything at once, by its path', () => {
    const one = { pool: 'a', type: 'mixed' };
    expect(
      problems({
        live: { a: { url: LIVE_URL, channels: 9 }, b: 3 },
        always: { live: 'c', streams: [one, one], other: 1 },
        alway: {},
      }).map((line) => line.split(':')[0]),
    ).toEqual([
      'sides.alway',
      'sides.live.a.channels',
      'sides.live.b',
      'sides.always.other',
      'sides.always.live',
      'sides.always.streams',
    ]);
    for (const wrong of [3, [], 'x']) expect(problems(wrong)).toHaveLength(1);
    expect(problems({ live: [] })).toHaveLength(1);
    expect(problems({ always: { streams: [] } })).toHaveLength(1);
  });

  test('shows no address in what it says, nor does the driver that was made of it', () => {
    const wrong = { live: { a: { url: `http://${LIVE_URL}`, channels: 9 } }, always: { live: LIVE_URL } };
    const make = () => chimeMeeting({ ...base, sides: wrong as object });
    expect(make).toThrow(/sides\.live\.a\.url/);
    expect(make).not.toThrow(STREAM_KEY);
  });
});

describe('a start', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['an unknown live output', { live: 'vimeo' }, /live: Must be the name of a live output .* there are youtube/],
    ['an address instead of a name', { live: LIVE_URL }, /live: Must be the name/],
    ['a whole output', { live: { url: LIVE_URL } }, /live: Must be the name/],
    ['a prototype', { live: 'toString' }, /live: Must be the name/],
    ['true', { live: true }, /live: Must be the name/],
    ['a bad pool', { streams: { pool: '', type: 'mixed' } }, /streams\.pool/],
    ['three streams', { streams: [1, 2, 3] }, /streams: Must be one output, or two/],
    [
      'the same twice',
      { streams: [1, 2].map(() => ({ pool: 'a', type: 'mixed' })) },
      /streams: Two outputs must differ/,
    ],
  ])(
    'with %s is refused before anything is stored or sent, and repeats nothing of it',
    async (_what, options, message) => {
      await using scene = await openSidesScene();
      const refused = scene.record(options);
      await expect(refused).rejects.toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) });
      await expect(refused).rejects.not.toThrow(STREAM_KEY);
      expect(scene.chime.requests()).toEqual([]);
      expect(await scene.store.list()).toEqual([]);
    },
  );
});
