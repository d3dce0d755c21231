import { readWav, toneWindows } from '@onrecord/core/media';

export interface HeardSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly heard: boolean;
}

/** A tone below this is not there, in dBFS; the voices of the call are at −12. */
const FLOOR = -50;
/** Spans are told to this, in ms. */
const WINDOW_MS = 50;

/** Where in one channel of a file a tone is heard and where it is not, one after the other. */
export function heardSpans(wav: Uint8Array, channel: number, hertz: number): readonly HeardSpan[] {
  const { channels, sampleRate } = readWav(wav);
  const samples = channels[channel];
  if (!samples) throw new Error(`the file has ${channels.length} channels, so no channel ${channel}`);
  const spans: HeardSpan[] = [];
  for (const { fromMs, toMs, dbfs } of toneWindows(samples, sampleRate, hertz, { windowMs: WINDOW_MS })) {
    const heard = dbfs > FLOOR;
    const last = spans.at(-1);
    if (last?.heard === heard) spans[spans.length - 1] = { ...last, toMs };
    else spans.push({ fromMs, toMs, heard });
  }
  return spans;
}
