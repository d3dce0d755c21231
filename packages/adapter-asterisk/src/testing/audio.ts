/** Samples of a WAV file of one channel, as its header tells them, or as many as there are. */
export interface Samples {
  readonly rate: number;
  readonly samples: Int16Array;
  readonly ms: number;
}

export function wavOf(file: Buffer): Samples {
  const rate = file.readUInt32LE(24);
  const samples = new Int16Array(
    file.subarray(44).buffer.slice(file.byteOffset + 44, file.byteOffset + (file.length & ~1)),
  );
  return { rate, samples, ms: Math.round((samples.length / rate) * 1_000) };
}

/** Amplitude of a tone, 0 to 32767, by the Goertzel algorithm. */
export function amplitudeOf(samples: Int16Array, rate: number, hz: number): number {
  const step = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let one = 0;
  let two = 0;
  for (const sample of samples) [one, two] = [sample + step * one - two, one];
  const power = one * one + two * two - step * one * two;
  return samples.length === 0 ? 0 : (2 * Math.sqrt(Math.max(0, power))) / samples.length;
}

/** Which of these tones sound in each window, e.g. `440+1000 440 -`. */
export function heardIn(file: Buffer, tones: readonly number[], windowMs = 200): readonly string[] {
  const { rate, samples } = wavOf(file);
  const length = (rate * windowMs) / 1_000;
  const heard: string[] = [];
  for (let at = 0; at + length <= samples.length; at += length) {
    const window = samples.subarray(at, at + length);
    heard.push(tones.filter((tone) => amplitudeOf(window, rate, tone) > 400).join('+') || '-');
  }
  return heard;
}
