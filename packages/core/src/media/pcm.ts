/** Full scale of a 16-bit sample. */
export const FULL_SCALE = 32_767;

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function swapped(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let index = 0; index + 1 < bytes.length; index += 2) {
    out[index] = bytes[index + 1] ?? 0;
    out[index + 1] = bytes[index] ?? 0;
  }
  return out;
}

/** Little-endian 16-bit samples as a copy of their own; an odd last byte is left out. */
export function samplesFromBytes(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length >>> 1);
  const whole = bytes.subarray(0, samples.byteLength);
  new Uint8Array(samples.buffer).set(hostIsLittleEndian ? whole : swapped(whole));
  return samples;
}

/** Samples as little-endian bytes, a copy of their own. */
export function bytesFromSamples(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return hostIsLittleEndian ? bytes.slice() : swapped(bytes);
}

/** Frames of `channels` samples each, taken apart into one array per channel; an incomplete last frame is left out. */
export function deinterleave(interleaved: Int16Array, channels: number): Int16Array[] {
  const frames = Math.floor(interleaved.length / channels);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Int16Array(frames);
    for (let frame = 0, from = channel; frame < frames; frame++, from += channels) {
      samples[frame] = interleaved[from] ?? 0;
    }
    return samples;
  });
}

/** One array per channel, woven into frames as long as the longest channel; shorter channels end in silence. */
export function interleave(channels: readonly Int16Array[]): Int16Array {
  const frames = channels.reduce((longest, samples) => Math.max(longest, samples.length), 0);
  const interleaved = new Int16Array(frames * channels.length);
  channels.forEach((samples, channel) => {
    for (let frame = 0, to = channel; frame < samples.length; frame++, to += channels.length) {
      interleaved[to] = samples[frame] ?? 0;
    }
  });
  return interleaved;
}
