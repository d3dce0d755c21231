/** µ-law of ITU-T G.711: what a telephone sends as RTP payload type 0. */

const BIAS = 0x84;
const LOUDEST = 32_635;

/** The code of silence. */
export const MU_LAW_SILENCE = 0xff;

function encode(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), LOUDEST) + BIAS;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function decode(code: number): number {
  const bits = ~code & 0xff;
  const exponent = (bits >> 4) & 0x07;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << exponent) - BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}

const codes: Uint8Array = Uint8Array.from({ length: 65_536 }, (_, index) => encode(index - 32_768));
const samples: Int16Array = Int16Array.from({ length: 256 }, (_, code) => decode(code));

/** One 16 bit sample as its µ-law code. */
export function muLawOf(sample: number): number {
  return codes[sample + 32_768] ?? MU_LAW_SILENCE;
}

/** µ-law codes as 16 bit samples. */
export function samplesOfMuLaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, (code) => samples[code] ?? 0);
}
