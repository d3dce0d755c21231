import { createMp3Encoder } from 'wasm-media-encoders';

/** Rates that one MP3 frame is at home in, without resampling. */
export type Mp3Rate = 8000 | 16_000 | 48_000;

export interface Mp3Options {
  /** Kilobits a second, constant. @default 48, what Call Automation writes */
  readonly kilobits?: 32 | 48 | 64 | 128;
}

/**
 * Encodes one channel as MP3 by LAME. The samples come in blocks, so that no more than one of them is in memory; the
 * file is, 6 KB a second by default.
 *
 * What a player hears begins 1 105 samples late (the delays of encoder and decoder) and ends with the last frame, up to
 * 100 ms after the last sample: the file says nothing of either, as without a tag of LAME no file does.
 */
export async function encodeMp3(
  blocks: Iterable<Int16Array>,
  sampleRate: Mp3Rate,
  { kilobits = 48 }: Mp3Options = {},
): Promise<Uint8Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate, outputSampleRate: sampleRate, bitrate: kilobits });
  const parts: Uint8Array[] = [];
  for (const block of blocks) {
    const samples = Float32Array.from(block, (sample) => sample / 32_768);
    // The encoder answers with its own memory, which the next block overwrites.
    parts.push(encoder.encode([samples]).slice());
  }
  parts.push(encoder.finalize().slice());
  return Buffer.concat(parts);
}
