import { readWav, toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { tone, VirtualCall } from '../../call/virtual-call.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { CapturedAudio } from './captured-audio.ts';
import { wavContent } from './content.ts';
import { sampleAt, spanLength, spanSlice } from './span.ts';

/** Ten seconds: caller 440 Hz, agent 1 000 Hz, and a third voice of 2 000 Hz from second 3 to second 6 only. */
async function conversation() {
  using clock = new VirtualClock();
  const call = new VirtualCall(clock);
  call.join({ name: 'caller', source: tone(440) });
  call.join({ name: 'agent', source: tone(1000) });
  await clock.advance(3_000);
  call.join({ name: 'secret', source: tone(2000) });
  await clock.advance(3_000);
  call.leave('secret');
  await clock.advance(4_000);
  const at = (ms: number) => sampleAt(call, call.startedAt + ms);
  return { call, at };
}

const bytesOf = (blocks: Iterable<Uint8Array>) => Buffer.concat([...blocks]);

test('what lies outside the spans is not in the sound, not even next to the cut', async () => {
  const { call, at } = await conversation();
  const spans = [
    { begin: at(1_000), end: at(3_000) },
    { begin: at(6_000), end: at(8_000) },
  ];
  const audio = new CapturedAudio(call, spans, [{ names: ['caller', 'secret'], overlays: [] }]);
  const samples = audio.read(0, audio.frames);
  expect(samples.length).toBe(4 * 16_000);
  expect(toneLevel(samples, 16_000, 440)).toBeGreaterThan(-13);
  expect(toneLevel(samples.subarray(31_000, 33_000), 16_000, 2000)).toBeLessThan(-60);
});

test('each channel holds its own voices only', async () => {
  const { call, at } = await conversation();
  const audio = new CapturedAudio(
    call,
    [{ begin: 0, end: at(2_000) }],
    [
      { names: ['agent'], overlays: [] },
      { names: ['caller'], overlays: [] },
    ],
  );
  const { channels, sampleRate } = readWav(bytesOf(wavContent(audio).read(0, wavContent(audio).bytes)));
  expect(sampleRate).toBe(16_000);
  const [agent, caller] = channels.map((samples) => samples.subarray(100));
  expect(toneLevel(agent!, 16_000, 1000) - toneLevel(agent!, 16_000, 440)).toBeGreaterThan(60);
  expect(toneLevel(caller!, 16_000, 440) - toneLevel(caller!, 16_000, 1000)).toBeGreaterThan(60);
});

test('any range of the file equals that range of the whole file', async () => {
  const { call, at } = await conversation();
  const spans = [
    { begin: at(10), end: at(700) },
    { begin: at(900), end: at(1_234) },
  ];
  const overlay = { begin: at(650), samples: Int16Array.from({ length: 9_000 }, (_, index) => index % 500) };
  const audio = new CapturedAudio(call, spans, [
    { names: ['caller'], overlays: [overlay] },
    { names: ['agent'], overlays: [] },
  ]);
  const content = wavContent(audio);
  const whole = bytesOf(content.read(0, content.bytes));
  expect(whole.length).toBe(content.bytes);
  for (const [from, to] of [
    [0, 10],
    [40, 61],
    [45, 45],
    [16_003, 32_111],
    [content.bytes - 3, content.bytes],
  ] as const) {
    expect(bytesOf(content.read(from, to)).equals(whole.subarray(from, to)), `${from}-${to}`).toBe(true);
  }
});

test('a prompt is heard where it was played and not in the pause', async () => {
  const { call, at } = await conversation();
  const prompt = { begin: at(500), samples: new Int16Array(16_000).fill(3_000) };
  const spans = [
    { begin: at(0), end: at(1_000) },
    { begin: at(2_000), end: at(3_000) },
  ];
  const audio = new CapturedAudio(call, spans, [{ names: [], overlays: [prompt] }]);
  const samples = audio.read(0, audio.frames);
  expect([samples[7_999], samples[8_000], samples[15_999], samples[16_000]]).toEqual([0, 3_000, 3_000, 0]);
});

test('spans are cut by positions in the captured sound', () => {
  const spans = [
    { begin: 100, end: 200 },
    { begin: 500, end: 550 },
  ];
  expect(spanLength(spans)).toBe(150);
  expect(spanSlice(spans, 80, 120)).toEqual([
    { begin: 180, end: 200 },
    { begin: 500, end: 520 },
  ]);
  expect(spanSlice(spans, 100, 150)).toEqual([{ begin: 500, end: 550 }]);
  expect(spanSlice(spans, 150, 200)).toEqual([]);
});
