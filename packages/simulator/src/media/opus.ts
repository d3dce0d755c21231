import { Decoder, Encoder } from '@evan/opus';
import { bytesFromSamples, deinterleave, samplesFromBytes } from '@onrecord/core/media';

/** Sample rates that Opus codes without resampling. */
export type OpusRate = 8000 | 12_000 | 16_000 | 24_000 | 48_000;

/** Opus counts time in this rate, whatever rate the samples have (RFC 7845 section 4). */
export const OPUS_CLOCK = 48_000;

/** OPUS_GET_LOOKAHEAD, the encoder's delay in samples at its own rate; the binding's types misspell its getter. */
const GET_LOOKAHEAD = 4027;

export interface OpusOptions {
  /** Bits a second. @default 32 000, at which tones and speech survive within 1 dB. */
  readonly bitrate?: number;
  /** Packets of 20 or of 100 ms. @default 50 */
  readonly packetsPerSecond?: 10 | 50;
}

/** Mono audio as Opus packets of the same length. */
export interface OpusAudio {
  readonly packets: readonly Uint8Array[];
  /** Samples at 48 kHz that a player drops at the beginning: the encoder's delay. */
  readonly preSkip: number;
}

/** Encodes one channel; the last packet is filled up with silence, far enough that the delayed last sample is in it. */
export function encodeOpus(samples: Int16Array, sampleRate: OpusRate, options: OpusOptions = {}): OpusAudio {
  const encoder = new Encoder({ channels: 1, sample_rate: sampleRate, application: 'audio' });
  encoder.bitrate = options.bitrate ?? 32_000;
  const delay = encoder.ctl(GET_LOOKAHEAD);
  const length = sampleRate / (options.packetsPerSecond ?? 50);
  const packets: Uint8Array[] = [];
  for (let from = 0; from < samples.length + delay; from += length) {
    const frame = new Int16Array(length);
    frame.set(samples.subarray(from, from + length));
    packets.push(encoder.encode(bytesFromSamples(frame)).slice());
  }
  return { packets, preSkip: (delay * OPUS_CLOCK) / sampleRate };
}

/** Decodes packets one at a time; holds the codec's state between them. */
export class OpusReader {
  readonly #decoder: Decoder;
  readonly #channelCount: 1 | 2;

  constructor(sampleRate: OpusRate, channelCount: 1 | 2) {
    this.#decoder = new Decoder({ channels: channelCount, sample_rate: sampleRate });
    this.#channelCount = channelCount;
  }

  /** The samples of one packet, one array per channel. @throws Error when the bytes are no Opus packet. */
  read(packet: Uint8Array): Int16Array[] {
    return deinterleave(samplesFromBytes(this.#decoder.decode(packet)), this.#channelCount);
  }
}

/** The identification header that containers carry for Opus (RFC 7845 section 5.1), for one or two channels. */
export function opusHead(channelCount: 1 | 2, preSkip: number, inputRate: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(19));
  for (const [index, letter] of [...'OpusHead'].entries()) view.setUint8(index, letter.charCodeAt(0));
  view.setUint8(8, 1);
  view.setUint8(9, channelCount);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, inputRate, true);
  return new Uint8Array(view.buffer);
}

/** The rate the audio had before it was encoded, where Opus can decode to it; else 48 kHz. */
export function rateBeforeOpus(head: Uint8Array | undefined): OpusRate {
  if (!head || head.byteLength < 16) return OPUS_CLOCK;
  const rate = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(12, true);
  return rate === 8000 || rate === 12_000 || rate === 16_000 || rate === 24_000 ? rate : OPUS_CLOCK;
}
