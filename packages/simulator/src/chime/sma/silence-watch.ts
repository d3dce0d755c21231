import { rmsLevel } from '@onrecord/core/media';
import { VOICE_RATE } from '../../call/virtual-call.ts';
import type { LegAudio } from './leg-audio.ts';

/** Sound is measured in pieces of this length. */
const WINDOW_MS = 20;

/** The documentation's pairs of SilenceThreshold and sound pressure in dB, the middle of each range. */
const REFERENCE: readonly (readonly [threshold: number, decibels: number])[] = [
  [1, 30],
  [100, 45],
  [200, 60],
  [1_000, 75],
];

/** The sound pressure that a SilenceThreshold stands for, in dB; straight lines between the documented pairs. */
export function silenceDecibels(threshold: number): number {
  const index = Math.max(
    1,
    REFERENCE.findIndex(([to]) => threshold <= to),
  );
  const [from, low] = REFERENCE[index - 1] ?? [1, 30];
  const [to, high] = REFERENCE[index] ?? [1_000, 75];
  return low + ((threshold - from) / (to - from)) * (high - low);
}

/** Listens to what a participant says, and knows when they have been silent for long enough. */
export class SilenceWatch {
  readonly #audio: LegAudio;
  readonly #silenceMs: number;
  readonly #loudestSilence: number;
  #heardUntil: number;
  #lastSoundAt: number;

  /** @param loudestSilence level in dBFS up to which sound counts as silence. */
  constructor(audio: LegAudio, startedAt: number, silenceMs: number, loudestSilence: number) {
    this.#audio = audio;
    this.#silenceMs = silenceMs;
    this.#loudestSilence = loudestSilence;
    this.#heardUntil = startedAt;
    this.#lastSoundAt = startedAt;
  }

  /** When the silence is long enough, if nothing is heard from `now` on; epoch ms. */
  silentAt(now: number): number {
    const samples = this.#audio.incoming(this.#heardUntil, now);
    const window = (WINDOW_MS * VOICE_RATE) / 1_000;
    const windows = Math.floor(samples.length / window);
    for (let index = 0; index < windows; index++) {
      const level = rmsLevel(samples.subarray(index * window, (index + 1) * window));
      if (level > this.#loudestSilence) this.#lastSoundAt = this.#heardUntil + (index + 1) * WINDOW_MS;
    }
    this.#heardUntil += windows * WINDOW_MS;
    return this.#lastSoundAt + this.#silenceMs;
  }
}
