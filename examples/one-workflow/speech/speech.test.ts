import { readFileSync } from 'node:fs';
import { readWav, rmsLevel, SILENCE_DBFS } from '@onrecord/core/media';
import { describe, expect, test } from 'vitest';
import speech from './speech.json' with { type: 'json' };

describe.each(['caller', 'callee'])('%s.wav', (speaker) => {
  const bytes = readFileSync(new URL(`./${speaker}.wav`, import.meta.url));
  const wav = readWav(bytes);
  const samples = wav.channels[0] ?? new Int16Array(0);
  const between = (fromMs: number, toMs: number) => samples.subarray(fromMs * 8, toMs * 8);

  test('is small, 8 kHz, mono, and as long as speech.json says', () => {
    expect(bytes.length).toBeLessThan(200_000);
    expect(wav).toMatchObject({
      sampleRate: 8000,
      channelCount: 1,
      durationMs: speech.durationMs,
      integrity: 'complete',
    });
  });

  test('is loud in its own turns and silent in all the rest', () => {
    let from = 0;
    for (const turn of speech.turns.filter((each) => each.speaker === speaker)) {
      expect(rmsLevel(between(turn.fromMs, turn.toMs))).toBeGreaterThan(-30);
      expect(rmsLevel(between(from, turn.fromMs - 1))).toBe(SILENCE_DBFS);
      from = turn.toMs + 1;
    }
    expect(rmsLevel(between(from, speech.durationMs))).toBe(SILENCE_DBFS);
  });
});

test('the card number is one turn of the caller', () => {
  const card = speech.turns.find((turn) => turn.card);
  expect(card).toMatchObject({ speaker: 'caller', fromMs: speech.cardFromMs, toMs: speech.cardToMs });
});
