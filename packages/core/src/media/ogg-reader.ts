import { OggParser, type OggSummary } from './ogg-parser.ts';

/** An Ogg file read whole; see {@link readOgg}. */
export interface Ogg extends OggSummary {
  /** The packets of audio, in order, as a decoder of the codec takes them. */
  readonly packets: readonly Uint8Array[];
}

/**
 * Looks through an Ogg file of one Opus or Vorbis stream that arrives in pieces of any size, checking every page. Memory
 * is bounded by one page (64 KiB) and the largest piece.
 *
 * A file that breaks off is no error: the summary says `truncated` or `unterminated` and the time up to there. The
 * length of Vorbis counts from position 0, wherever the capture began.
 *
 * @throws OnRecordError `integrity-failed` when the bytes are no Ogg file or pages are damaged or missing, `unsupported`
 * for chained and multiplexed streams and other codecs; whatever the source throws. The source is released in each case.
 */
export async function inspectOgg(source: AsyncIterable<Uint8Array>): Promise<OggSummary> {
  const parser = new OggParser();
  for await (const piece of source) parser.push(piece);
  return parser.end();
}

/**
 * Reads an Ogg file that is in memory, with its packets.
 * @throws OnRecordError as {@link inspectOgg} does.
 */
export function readOgg(bytes: Uint8Array): Ogg {
  const packets: Uint8Array[] = [];
  const parser = new OggParser((packet) => void packets.push(packet));
  parser.push(bytes);
  return { ...parser.end(), packets };
}
