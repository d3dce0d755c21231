import { FULL_SCALE } from '@onrecord/core/media';
import { fftSize, inverse, type Spectrum, spectrumOf } from './fft.ts';

/** Where a clip sounds in a channel, and how alike the two are there. */
export interface Match {
  /** Samples from the beginning of the channel. */
  readonly at: number;
  /** Normalised cross-correlation, 0 to 1; 1 is the clip itself, however loud. */
  readonly likeness: number;
}

/** A stretch quieter than this counts as this loud, so that hardly audible noise resembles nothing. dBFS. */
const FLOOR_DBFS = -60;

/** Looks for clips in one channel: the channel is transformed once, however many clips are looked for. */
export class MatchedFilter {
  readonly #samples: Int16Array;
  /** Energy of the samples before each index. */
  readonly #energy: Float64Array;
  readonly #spectra = new Map<number, Spectrum>();

  constructor(samples: Int16Array) {
    this.#samples = samples;
    this.#energy = new Float64Array(samples.length + 1);
    for (let index = 0; index < samples.length; index++) {
      this.#energy[index + 1] = this.#energy[index]! + samples[index]! ** 2;
    }
  }

  /** The place that resembles the clip most; a clip that only begins or ends in the channel is found as well. */
  find(clip: Int16Array): Match {
    const length = clip.length;
    const size = fftSize(this.#samples.length + 2 * length);
    const channel = this.#spectrum(size);
    const { re, im } = spectrumOf(clip, size);
    for (let index = 0; index < size; index++) {
      const [a, b, c, d] = [channel.re[index]!, channel.im[index]!, re[index]!, im[index]!];
      re[index] = a * c + b * d;
      im[index] = b * c - a * d;
    }
    const correlation = inverse({ re, im });
    const loudness = Math.sqrt(clip.reduce((sum, sample) => sum + sample ** 2, 0));
    const floor = length * (FULL_SCALE * 10 ** (FLOOR_DBFS / 20)) ** 2 * 0.5;
    let best: Match = { at: 0, likeness: 0 };
    for (let at = -length + 1; at < this.#samples.length; at++) {
      const energy = Math.max(floor, this.#energyBetween(at, at + length));
      const likeness = Math.abs(correlation[(at + size) % size]!) / Math.max(1, loudness * Math.sqrt(energy));
      if (likeness > best.likeness) best = { at, likeness };
    }
    return best;
  }

  #energyBetween(from: number, to: number): number {
    const last = this.#samples.length;
    return this.#energy[Math.min(last, Math.max(0, to))]! - this.#energy[Math.min(last, Math.max(0, from))]!;
  }

  #spectrum(size: number): Spectrum {
    const known = this.#spectra.get(size) ?? spectrumOf(this.#samples, size);
    this.#spectra.set(size, known);
    return known;
  }
}
