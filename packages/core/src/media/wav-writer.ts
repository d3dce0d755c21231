import { bytesFromSamples, interleave } from './pcm.ts';
import { unwritableWav } from './wav-errors.ts';
import type { WavFormat } from './wav-format.ts';

/** Bytes before the first sample of every file written here. */
export const WAV_HEADER_BYTES = 44;

/** The largest `data` chunk whose file still fits RIFF's 32-bit size. */
export const MAX_DATA_BYTES: number = 0xffff_ffff - 36;

/** Audio in memory, one array per channel, all of the same length. */
export interface WavSource {
  /** Frames a second, 1 to 4 294 967 295. */
  readonly sampleRate: number;
  readonly channels: readonly Int16Array[];
}

/**
 * The 44-byte header of a 16-bit PCM WAV file with a known number of frames.
 * @throws OnRecordError `invalid-request` for a rate, channel count or length that RIFF cannot express.
 */
export function wavHeader(format: WavFormat, frames: number): Uint8Array {
  const { sampleRate, channelCount } = format;
  const frameBytes = channelCount * 2;
  const dataBytes = frames * frameBytes;
  if (!Number.isInteger(channelCount) || channelCount < 1 || frameBytes > 0xffff) {
    throw unwritableWav(`${channelCount} channels, instead of 1 to 32 767`);
  }
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > 0xffff_ffff) {
    throw unwritableWav(`a sample rate of ${sampleRate} Hz`);
  }
  if (!Number.isInteger(frames) || frames < 0 || dataBytes > MAX_DATA_BYTES) {
    throw unwritableWav(`${frames} frames of ${frameBytes} bytes; a WAV file holds less than 4 GiB`);
  }
  const view = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
  putText(view, 0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  putText(view, 8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channelCount, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, (sampleRate * frameBytes) % 0x1_0000_0000, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 16, true);
  putText(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
  return new Uint8Array(view.buffer);
}

/**
 * A whole 16-bit PCM WAV file.
 * @throws OnRecordError `invalid-request` when channels differ in length, and as {@link wavHeader} does.
 */
export function wavBytes(source: WavSource): Uint8Array {
  const frames = source.channels[0]?.length ?? 0;
  if (source.channels.some((samples) => samples.length !== frames)) {
    throw unwritableWav(
      `channels of different lengths: ${source.channels.map((samples) => samples.length).join(', ')}`,
    );
  }
  const header = wavHeader({ sampleRate: source.sampleRate, channelCount: source.channels.length }, frames);
  const data = bytesFromSamples(interleave(source.channels));
  const bytes = new Uint8Array(header.length + data.length);
  bytes.set(header);
  bytes.set(data, header.length);
  return bytes;
}

/**
 * The pieces of a WAV file of `frames` frames, from blocks of interleaved samples; nothing is written twice, so the
 * pieces can go straight into an upload.
 * @throws OnRecordError `invalid-request` when the blocks hold more or fewer than `frames` frames, and as
 * {@link wavHeader} does.
 */
export async function* wavPieces(
  format: WavFormat,
  frames: number,
  blocks: AsyncIterable<Int16Array> | Iterable<Int16Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield wavHeader(format, frames);
  let missing = frames * format.channelCount;
  for await (const block of blocks) {
    missing -= block.length;
    if (missing < 0) break;
    if (block.length > 0) yield bytesFromSamples(block);
  }
  if (missing !== 0) {
    throw unwritableWav(`its header promises ${frames} frames, but ${missing > 0 ? 'fewer' : 'more'} came`);
  }
}

function putText(view: DataView, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) view.setUint8(at + index, text.charCodeAt(index));
}
