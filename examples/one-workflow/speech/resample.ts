/** Samples on each side that a new sample is made from, at the lower of the two rates. */
const REACH = 16;

/** The samples at another rate, band-limited by a windowed sinc, so that nothing folds back into the voice. */
export function resampled(samples: Int16Array, fromRate: number, toRate: number): Int16Array {
  if (fromRate === toRate) return samples;
  const step = fromRate / toRate;
  const cutoff = Math.min(1, toRate / fromRate);
  const reach = REACH / cutoff;
  return Int16Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const center = index * step;
    let sum = 0;
    for (let near = Math.ceil(center - reach); near <= center + reach; near++) {
      const distance = near - center;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      sum += (samples[near] ?? 0) * sinc(distance * cutoff) * cutoff * window;
    }
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
