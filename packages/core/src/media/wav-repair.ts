import { unreadableWav, unsupportedWav } from './wav-errors.ts';
import type { WavIntegrity, WavSummary } from './wav-format.ts';
import { WavParser } from './wav-parser.ts';
import { MAX_DATA_BYTES, WAV_HEADER_BYTES, wavHeader } from './wav-writer.ts';

/** What is wrong with a WAV file, and what of it can be saved. */
export interface WavDiagnosis extends WavSummary {
  /** `frames` and `durationMs` tell what is there, which may be more or less than the header says. */
  readonly integrity: WavIntegrity;
  /** What is wrong, for people; undefined for a sound file. */
  readonly problem?: string | undefined;
  /** Bytes in front of the first sample. */
  readonly dataOffset: number;
  /** Bytes of a frame that is not whole, which a repaired copy leaves out: 0 to `2 × channelCount − 1`. */
  readonly lostBytes: number;
}

/** A WAV file with right sizes; see {@link repairWav}. */
export interface RepairedWav {
  /** Of the file that was repaired. */
  readonly diagnosis: WavDiagnosis;
  /** Length of the copy; undefined where the source is sound, and the copy is the source as it is. */
  readonly bytes?: number | undefined;
  /** The copy, in pieces. Can be walked once; leaving early releases the source. */
  readonly body: AsyncIterable<Uint8Array>;
}

const problems: Readonly<Record<Exclude<WavIntegrity, 'complete'>, string>> = {
  undeclared: 'its header announces no length, as that of a recorder that was stopped before it had finished',
  truncated: 'it ends before its header says',
  understated: 'it goes on behind the end that its header says',
};

/**
 * Reads a 16-bit PCM WAV file to its end and says what is wrong with it. Memory is bounded by the largest piece.
 * @throws OnRecordError `integrity-failed` when it is no WAV file or breaks off before its samples begin, `unsupported`
 * for a WAV file of another encoding, RF64 included.
 */
export async function diagnoseWav(source: AsyncIterable<Uint8Array>): Promise<WavDiagnosis> {
  const parser = new WavParser();
  for await (const piece of source) parser.push(piece);
  return diagnosisOf(parser);
}

/** The diagnosis of a file that was pushed to its end. */
export function diagnosisOf(parser: WavParser): WavDiagnosis {
  const summary = parser.end();
  const { dataBytes, dataOffset } = parser;
  const lostBytes = dataBytes % (summary.channelCount * 2);
  const frames = (dataBytes - lostBytes) / (summary.channelCount * 2);
  const problem = summary.integrity === 'complete' ? undefined : problems[summary.integrity];
  return {
    ...summary,
    frames,
    durationMs: (frames * 1000) / summary.sampleRate,
    dataOffset,
    lostBytes,
    ...(problem === undefined ? {} : { problem }),
  };
}

/**
 * Makes a copy with right sizes of a WAV file that was broken off: the whole frames that are there behind a new header of
 * 44 bytes; other chunks stay behind. A sound file is handed out unchanged. The source is read twice, once for its
 * length and once for its samples; memory is bounded by the largest piece.
 *
 * @param open opens the file anew, from its first byte.
 * @throws OnRecordError as {@link diagnoseWav} does; `unsupported` for 4 GiB of samples or more, which would need RF64.
 *
 * @example
 * ```ts
 * const { diagnosis, body } = await repairWav(() => createReadStream('broken.wav'));
 * await pipeline(body, createWriteStream('repaired.wav'));
 * console.log(diagnosis.problem, diagnosis.durationMs);
 * ```
 */
export async function repairWav(open: () => AsyncIterable<Uint8Array>): Promise<RepairedWav> {
  const diagnosis = await diagnoseWav(open());
  if (diagnosis.problem === undefined) return { diagnosis, body: open() };
  return { diagnosis, ...repairedCopy(diagnosis, open) };
}

/** The copy that a diagnosis calls for. @throws OnRecordError `unsupported` for what only RF64 could hold. */
export function repairedCopy(
  diagnosis: WavDiagnosis,
  open: () => AsyncIterable<Uint8Array>,
): { readonly bytes: number; readonly body: AsyncIterable<Uint8Array> } {
  const dataBytes = diagnosis.frames * diagnosis.channelCount * 2;
  if (dataBytes > MAX_DATA_BYTES) {
    throw unsupportedWav(`it holds ${dataBytes} bytes of samples, and only RF64 can say so above 4 GiB`);
  }
  return { bytes: WAV_HEADER_BYTES + dataBytes, body: copied(diagnosis, dataBytes, open) };
}

async function* copied(
  diagnosis: WavDiagnosis,
  dataBytes: number,
  open: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield wavHeader(diagnosis, diagnosis.frames);
  let skip = diagnosis.dataOffset;
  let missing = dataBytes;
  for await (const piece of open()) {
    const samples = piece.subarray(skip, skip + missing);
    skip = Math.max(0, skip - piece.length);
    missing -= samples.length;
    if (samples.length > 0) yield samples;
    if (missing === 0) return;
  }
  if (missing > 0)
    throw unreadableWav('it became shorter while it was read', diagnosis.dataOffset + dataBytes - missing);
}
