import { FULL_SCALE } from './pcm.ts';

/**
 * Levels are in dBFS, 0 being a sine that touches full scale (AES17), so a pure tone has the same tone and RMS level.
 * Nothing is reported below this floor; digital silence lies on it.
 */
export const SILENCE_DBFS: number = -120;

/** Samples that {@link dominantTone} looks at, taken from the middle. */
const DOMINANT_SAMPLES = 4096;

/** The level of a stretch of audio; see {@link toneWindows} and {@link rmsWindows}. */
export interface LevelWindow {
  /** Where the window begins, in ms from the first sample. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly dbfs: number;
}

export interface WindowOptions {
  /** Length of a window in ms. @default 50 */
  readonly windowMs?: number;
  /** Distance between the beginnings of windows in ms. @default windowMs */
  readonly hopMs?: number;
}

/**
 * Level of one frequency in dBFS: Goertzel's algorithm over a Hann window, whose side lobes keep a tone from showing up
 * at others (below −60 dB at a distance of 10 / duration; two tones closer than 2 / duration are not told apart).
 */
export function toneLevel(samples: Int16Array, sampleRate: number, frequencyHz: number): number {
  const length = samples.length;
  if (length === 0) return SILENCE_DBFS;
  const step = (2 * Math.PI) / length;
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRate);
  let previous = 0;
  let beforePrevious = 0;
  let gain = 0;
  for (let index = 0; index < length; index++) {
    const weight = 0.5 - 0.5 * Math.cos(step * (index + 0.5));
    const current = (samples[index] ?? 0) * weight + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
    gain += weight;
  }
  const power = previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
  return decibels((2 * Math.sqrt(Math.max(0, power))) / gain / FULL_SCALE);
}

/** {@link toneLevel} of each whole window. */
export function toneWindows(
  samples: Int16Array,
  sampleRate: number,
  frequencyHz: number,
  options: WindowOptions = {},
): readonly LevelWindow[] {
  return windows(samples, sampleRate, options, (window) => toneLevel(window, sampleRate, frequencyHz));
}

/** Root mean square of all samples in dBFS. */
export function rmsLevel(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return decibels(Math.sqrt((2 * sum) / Math.max(1, samples.length)) / FULL_SCALE);
}

/** {@link rmsLevel} of each whole window. */
export function rmsWindows(
  samples: Int16Array,
  sampleRate: number,
  options: WindowOptions = {},
): readonly LevelWindow[] {
  return windows(samples, sampleRate, options, rmsLevel);
}

/** A frequency and how loud it is. */
export interface Tone {
  readonly frequencyHz: number;
  readonly dbfs: number;
}

/**
 * The loudest frequency in the middle 4096 samples, above two bins of the window (10 Hz at 8 kHz) and below half the sample
 * rate, found to about a tenth of `sampleRate / 4096`.
 * @returns undefined where nothing is louder than {@link SILENCE_DBFS}.
 */
export function dominantTone(samples: Int16Array, sampleRate: number): Tone | undefined {
  const from = Math.max(0, (samples.length - DOMINANT_SAMPLES) >> 1);
  const middle = samples.subarray(from, from + DOMINANT_SAMPLES);
  const bin = sampleRate / Math.max(1, middle.length);
  let loudest: Tone = { frequencyHz: 0, dbfs: SILENCE_DBFS };
  for (let frequencyHz = 3 * bin; frequencyHz < sampleRate / 2 - 2 * bin; frequencyHz += bin) {
    const dbfs = toneLevel(middle, sampleRate, frequencyHz);
    if (dbfs > loudest.dbfs) loudest = { frequencyHz, dbfs };
  }
  if (loudest.dbfs <= SILENCE_DBFS) return undefined;
  const below = toneLevel(middle, sampleRate, loudest.frequencyHz - bin);
  const above = toneLevel(middle, sampleRate, loudest.frequencyHz + bin);
  const curvature = below - 2 * loudest.dbfs + above;
  const shift = curvature === 0 ? 0 : (0.5 * (below - above)) / curvature;
  const frequencyHz = loudest.frequencyHz + shift * bin;
  return { frequencyHz, dbfs: toneLevel(middle, sampleRate, frequencyHz) };
}

function windows(
  samples: Int16Array,
  sampleRate: number,
  options: WindowOptions,
  measure: (window: Int16Array) => number,
): readonly LevelWindow[] {
  const windowMs = options.windowMs ?? 50;
  const hopMs = options.hopMs ?? windowMs;
  const length = Math.round((windowMs * sampleRate) / 1000);
  const out: LevelWindow[] = [];
  if (length < 1 || !(hopMs > 0)) return out;
  for (let ordinal = 0; ; ordinal++) {
    const first = Math.round((ordinal * hopMs * sampleRate) / 1000);
    if (first + length > samples.length) return out;
    const window = samples.subarray(first, first + length);
    out.push({
      fromMs: (first * 1000) / sampleRate,
      toMs: ((first + length) * 1000) / sampleRate,
      dbfs: measure(window),
    });
  }
}

function decibels(share: number): number {
  return Math.max(SILENCE_DBFS, 20 * Math.log10(Math.max(share, Number.MIN_VALUE)));
}
