/** A complex signal, real and imaginary parts apart; its length is a power of two. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The least power of two that is not below `length`. */
export function fftSize(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, length)));
}

/** The spectrum of a real signal, filled up with silence to `size`. */
export function spectrumOf(samples: ArrayLike<number>, size: number): Spectrum {
  const re = new Float64Array(size);
  for (let index = 0; index < samples.length; index++) re[index] = samples[index] ?? 0;
  const spectrum = { re, im: new Float64Array(size) };
  transform(spectrum);
  return spectrum;
}

/** Back to the signal, in place; only its real part is of interest here. */
export function inverse({ re, im }: Spectrum): Float64Array {
  // Swapping the parts before and after the forward transform conjugates twice, which is the inverse times its length.
  transform({ re: im, im: re });
  for (let index = 0; index < re.length; index++) re[index] = re[index]! / re.length;
  return re;
}

/** The discrete Fourier transform, in place (Cooley and Tukey, radix 2). */
function transform({ re, im }: Spectrum): void {
  const size = re.length;
  const { cos, sin } = turnsOf(size);
  reorder(re, im);
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let begin = 0; begin < size; begin += 2 * half) {
      for (let step = 0; step < half; step++) {
        const low = begin + step;
        const high = low + half;
        const turnRe = cos[step * stride]!;
        const turnIm = sin[step * stride]!;
        const highRe = re[high]! * turnRe - im[high]! * turnIm;
        const highIm = re[high]! * turnIm + im[high]! * turnRe;
        re[high] = re[low]! - highRe;
        im[high] = im[low]! - highIm;
        re[low] = re[low]! + highRe;
        im[low] = im[low]! + highIm;
      }
    }
  }
}

const turns = new Map<number, { readonly cos: Float64Array; readonly sin: Float64Array }>();

/** The roots of unity of a size, half of them. */
function turnsOf(size: number): { readonly cos: Float64Array; readonly sin: Float64Array } {
  const known = turns.get(size);
  if (known) return known;
  const angle = (index: number) => (-2 * Math.PI * index) / size;
  const made = {
    cos: Float64Array.from({ length: size / 2 }, (_, index) => Math.cos(angle(index))),
    sin: Float64Array.from({ length: size / 2 }, (_, index) => Math.sin(angle(index))),
  };
  turns.set(size, made);
  return made;
}

/** Puts each element where its index, read backwards in binary, says. */
function reorder(re: Float64Array, im: Float64Array): void {
  for (let index = 1, mirrored = 0; index < re.length; index++) {
    let bit = re.length >> 1;
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
    mirrored ^= bit;
    if (index >= mirrored) continue;
    const [keptRe, keptIm] = [re[index]!, im[index]!];
    re[index] = re[mirrored]!;
    im[index] = im[mirrored]!;
    re[mirrored] = keptRe;
    im[mirrored] = keptIm;
  }
}
