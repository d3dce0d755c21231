/** Neighbours on each side that a new sample is made from. */
const REACH = 24;

/** Kaiser's window parameter: images lie below −70 dB up to 3 600 Hz, above what a telephone carries. */
const BETA = 7;

/** Weights of the pairs around a new sample, nearest first; they add up to one half, so a constant stays itself. */
const weights: Float64Array = pairWeights();

function pairWeights(): Float64Array {
  const raw = Float64Array.from({ length: REACH }, (_, pair) => {
    const distance = pair + 0.5;
    const window = bessel(BETA * Math.sqrt(1 - (distance / REACH) ** 2)) / bessel(BETA);
    return (Math.sin(Math.PI * distance) / (Math.PI * distance)) * window;
  });
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / (2 * sum));
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** How many samples around a stretch the doubled stretch depends on. */
export const UPSAMPLE_REACH: number = REACH;

/**
 * Twice the rate by a half-band filter: even samples are the given ones, odd ones lie between them. Returns `count`
 * samples of the doubled signal from index `first` on; `samples` is silent before its beginning and after its end.
 */
export function upsampled(samples: Int16Array, first: number, count: number): Int16Array {
  const out = new Int16Array(count);
  for (let index = 0; index < count; index++) {
    const position = first + index;
    const left = Math.floor(position / 2);
    out[index] = position % 2 === 0 ? (samples[left] ?? 0) : between(samples, left);
  }
  return out;
}

function between(samples: Int16Array, left: number): number {
  let sum = 0;
  for (let pair = 0; pair < REACH; pair++) {
    sum += (weights[pair] ?? 0) * ((samples[left - pair] ?? 0) + (samples[left + 1 + pair] ?? 0));
  }
  return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
}
