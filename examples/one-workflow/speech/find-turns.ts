import { rmsWindows } from '@onrecord/core/media';
import { VOICE_RATE } from '@onrecord/simulator';

/** A stretch of speech, in ms from the beginning of the file. */
export interface SpeechSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

const WINDOW_MS = 20;
const AUDIBLE_DBFS = -45;
/** A shorter silence belongs to the turn: people breathe. */
const LEAST_SILENCE_MS = 700;
const LEAST_SPEECH_MS = 200;

/** The stretches of a voice in which somebody speaks. */
export function findTurns(samples: Int16Array): readonly SpeechSpan[] {
  const turns: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs, dbfs } of rmsWindows(samples, VOICE_RATE, { windowMs: WINDOW_MS })) {
    if (dbfs < AUDIBLE_DBFS) continue;
    const last = turns.at(-1);
    if (last && fromMs - last.toMs < LEAST_SILENCE_MS) last.toMs = toMs;
    else turns.push({ fromMs, toMs });
  }
  return turns.filter(({ fromMs, toMs }) => toMs - fromMs >= LEAST_SPEECH_MS);
}
