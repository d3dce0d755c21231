import { bytesFromSamples, WAV_HEADER_BYTES, wavHeader } from '@onrecord/core/media';
import { type CapturedAudio, RECORDING_RATE } from './captured-audio.ts';

/** Frames computed at a time: a quarter of a second. */
const BLOCK_FRAMES = 4_000;

/** A file that is served in parts and need not exist whole. */
export interface Content {
  readonly bytes: number;
  /** The bytes from `from` up to `to` (not included), in blocks. */
  read(from: number, to: number): Iterable<Uint8Array>;
}

/** A file that is in memory. */
export function contentOf(data: Uint8Array): Content {
  return {
    bytes: data.byteLength,
    *read(from, to) {
      yield data.subarray(from, to);
    },
  };
}

/** The WAV file of a recording, 16 bit, computed while it is read. */
export function wavContent(audio: CapturedAudio): Content {
  const header = wavHeader({ sampleRate: RECORDING_RATE, channelCount: audio.channelCount }, audio.frames);
  const frameBytes = 2 * audio.channelCount;
  const bytes = WAV_HEADER_BYTES + audio.frames * frameBytes;
  return {
    bytes,
    *read(from, to) {
      if (from < WAV_HEADER_BYTES) yield header.subarray(from, Math.min(to, WAV_HEADER_BYTES));
      const begin = Math.max(from, WAV_HEADER_BYTES) - WAV_HEADER_BYTES;
      const end = Math.min(to, bytes) - WAV_HEADER_BYTES;
      for (let at = begin; at < end; ) {
        const frame = Math.floor(at / frameBytes);
        const last = Math.min(frame + BLOCK_FRAMES, Math.ceil(end / frameBytes));
        const block = bytesFromSamples(audio.read(frame, last));
        const skip = at - frame * frameBytes;
        const part = block.subarray(skip, Math.min(block.length, end - frame * frameBytes));
        yield part;
        at += part.length;
      }
    },
  };
}
