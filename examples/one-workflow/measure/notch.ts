import { fftSize, inverse, spectrumOf } from './fft.ts';

/** Half the width of the band that is taken out, in Hz: enough for a tone that lasts 100 ms or longer. */
const HALF_WIDTH_HZ = 300;

/** The samples without what lies around a frequency. */
export function notched(samples: Int16Array, sampleRate: number, frequencyHz: number): Int16Array {
  const size = fftSize(samples.length);
  const { re, im } = spectrumOf(samples, size);
  const binOf = (hertz: number) => Math.max(0, Math.round((hertz * size) / sampleRate));
  const first = binOf(frequencyHz - HALF_WIDTH_HZ);
  const last = Math.min(size / 2, binOf(frequencyHz + HALF_WIDTH_HZ));
  for (let bin = first; bin <= last; bin++) {
    for (const index of [bin, (size - bin) % size]) {
      re[index] = 0;
      im[index] = 0;
    }
  }
  return Int16Array.from(inverse({ re, im }).subarray(0, samples.length));
}
