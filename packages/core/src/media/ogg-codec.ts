import { unreadableOgg, unsupportedOgg } from './ogg-errors.ts';
import { OPUS_RATE } from './opus-packet.ts';

/** What the first packet of an Ogg stream says. */
export interface OggFormat {
  readonly codec: 'opus' | 'vorbis';
  /** Frames a second of what is decoded: 48 000 for Opus, whatever was recorded. */
  readonly sampleRate: number;
  /** Samples in a frame. */
  readonly channelCount: number;
  /** Frames at the beginning that a decoder makes and nobody is to hear; 0 for Vorbis. */
  readonly preSkip: number;
  /** Rate of the audio that was encoded, in Hz, where the file tells it. */
  readonly inputSampleRate?: number | undefined;
}

/** Packets before the audio: identification and comments, and for Vorbis its codebooks. */
export const headerPackets: Readonly<Record<OggFormat['codec'], number>> = { opus: 2, vorbis: 3 };

/** Signatures of the codecs that RFC 5334 names besides, to say what a file is instead. */
const others: readonly (readonly [string, string])[] = [
  ['Speex   ', 'Speex'],
  ['\u007fFLAC', 'FLAC'],
  ['\u0080theora', 'Theora video'],
  ['fishead\0', 'an Ogg skeleton'],
];

/**
 * Reads an identification header: OpusHead (RFC 7845 section 5.1), or that of Vorbis I (section 4.2.2).
 * @throws OnRecordError `unsupported` for other codecs, `integrity-failed` for a header that contradicts itself.
 */
export function oggFormat(packet: Uint8Array, offset: number): OggFormat {
  if (begins(packet, 'OpusHead')) return opusHead(packet, offset);
  if (begins(packet, '\u0001vorbis')) return vorbisHead(packet, offset);
  const other = others.find(([signature]) => begins(packet, signature))?.[1] ?? 'a codec that it does not name';
  throw unsupportedOgg(`it holds ${other}; only Opus and Vorbis are read`, offset);
}

function opusHead(packet: Uint8Array, offset: number): OggFormat {
  if (packet.length < 19) throw unreadableOgg(`its OpusHead has ${packet.length} bytes instead of 19`, offset);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = view.getUint8(8);
  // A decoder accepts every minor version, the lower four bits, of major version 0.
  if (version > 15) throw unsupportedOgg(`its OpusHead is of version ${version}`, offset);
  const channelCount = view.getUint8(9);
  if (channelCount === 0) throw unreadableOgg('its OpusHead says 0 channels', offset);
  const inputSampleRate = view.getUint32(12, true);
  return {
    codec: 'opus',
    sampleRate: OPUS_RATE,
    channelCount,
    preSkip: view.getUint16(10, true),
    ...(inputSampleRate === 0 ? {} : { inputSampleRate }),
  };
}

function vorbisHead(packet: Uint8Array, offset: number): OggFormat {
  if (packet.length < 30) throw unreadableOgg(`its Vorbis header has ${packet.length} bytes instead of 30`, offset);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const channelCount = view.getUint8(11);
  const sampleRate = view.getUint32(12, true);
  if (channelCount === 0 || sampleRate === 0) {
    throw unreadableOgg(`its Vorbis header says ${channelCount} channels at ${sampleRate} Hz`, offset);
  }
  return { codec: 'vorbis', sampleRate, channelCount, preSkip: 0, inputSampleRate: sampleRate };
}

function begins(packet: Uint8Array, signature: string): boolean {
  for (let index = 0; index < signature.length; index++) {
    if (packet[index] !== signature.charCodeAt(index)) return false;
  }
  return true;
}
