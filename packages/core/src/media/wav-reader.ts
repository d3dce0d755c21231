import { deinterleave } from './pcm.ts';
import type { WavFormat, WavSummary } from './wav-format.ts';
import { WavParser } from './wav-parser.ts';

/** A WAV file being read; see {@link openWav}. */
export interface WavStream {
  readonly format: WavFormat;
  /**
   * The samples in order, as blocks of whole interleaved frames (`channelCount` samples each), none empty. Can be walked
   * once; leaving early releases the source. Its return value is what the whole file turned out to be.
   */
  readonly blocks: AsyncGenerator<Int16Array, WavSummary, undefined>;
  /** Releases the source when its samples are not wanted; may be called at any time, also twice. */
  close(): Promise<void>;
}

/** A WAV file read whole; see {@link readWav}. */
export interface Wav extends WavSummary {
  /** The samples of each channel, all of the same length. */
  readonly channels: readonly Int16Array[];
}

/**
 * Opens a 16-bit PCM WAV file that arrives in pieces of any size. Memory is bounded by the largest piece.
 *
 * A file shorter than its header announces is no error: every frame that came is handed out and the summary says
 * `truncated`.
 *
 * @throws OnRecordError `integrity-failed` when the bytes are no WAV file, `unsupported` for a WAV file of another
 * encoding; whatever the source throws. The source is released in each case.
 */
export async function openWav(source: AsyncIterable<Uint8Array>): Promise<WavStream> {
  const pieces = source[Symbol.asyncIterator]();
  const parser = new WavParser();
  let first: Int16Array;
  try {
    do {
      const piece = await pieces.next();
      if (piece.done) parser.end();
      first = parser.push(piece.value ?? new Uint8Array(0));
    } while (!parser.format);
  } catch (error) {
    await pieces.return?.();
    throw error;
  }
  return {
    format: parser.format,
    blocks: remainingBlocks(parser, pieces, first),
    close: async () => void (await pieces.return?.()),
  };
}

async function* remainingBlocks(
  parser: WavParser,
  pieces: AsyncIterator<Uint8Array>,
  first: Int16Array,
): AsyncGenerator<Int16Array, WavSummary, undefined> {
  try {
    if (first.length > 0) yield first;
    for (;;) {
      const piece = await pieces.next();
      if (piece.done) return parser.end();
      const block = parser.push(piece.value);
      if (block.length > 0) yield block;
    }
  } finally {
    await pieces.return?.();
  }
}

/**
 * Reads a WAV file that is in memory.
 * @throws OnRecordError as {@link openWav} does.
 */
export function readWav(bytes: Uint8Array): Wav {
  const parser = new WavParser();
  const interleaved = parser.push(bytes);
  const summary = parser.end();
  return { ...summary, channels: deinterleave(interleaved, summary.channelCount) };
}
