import { expect, test } from 'vitest';
import { leaked } from './measure.ts';
import { APART_DB, PRESENT_DBFS, SECRET, VOICE } from './voices.ts';

const RATE = 8_000;
const QUIETEST = PRESENT_DBFS - APART_DB;

/** A second of both voices, then `word` for so long, then another second of voices that begin anywhere in their wave. */
function paused(phase: number, word: { readonly toneHz: number; readonly ms: number } = { toneHz: 0, ms: 0 }) {
  const sine = (hz: number, at: number, shift = 0) => Math.sin((2 * Math.PI * hz * at) / RATE + shift) / 4;
  const voices = (shift: number) =>
    Array.from({ length: RATE }, (_, at) => sine(VOICE.reference, at, shift) + sine(VOICE.other, at, shift * 3));
  const said = Array.from({ length: (word.ms * RATE) / 1_000 }, (_, at) => sine(word.toneHz, at));
  const samples = Int16Array.from([...voices(0), ...said, ...voices(phase)], (value) => Math.round(value * 32_767));
  const audio = { sampleRate: RATE, channels: [samples] };
  return { audio };
}

const phases = Array.from({ length: 16 }, (_, step) => (step * Math.PI) / 8);

test.each(Object.values(SECRET))('%i Hz is not heard in the click of a pause that was cut out', (secret) => {
  const levels = phases.map((phase) => leaked(paused(phase), secret));
  expect(Math.max(...levels)).toBeLessThan(QUIETEST - 5);
});

test.each(Object.values(SECRET))('a packet of 20 ms at %i Hz is', (secret) => {
  const levels = phases.map((phase) => leaked(paused(phase, { toneHz: secret, ms: 20 }), secret));
  expect(Math.min(...levels)).toBeGreaterThan(QUIETEST + 5);
});
