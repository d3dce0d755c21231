import { readWav } from '@onrecord/core/media';
import { decodeAudio } from '../../media/index.ts';
import { RECORDING_RATE } from '../media/captured-audio.ts';

/**
 * The samples of a prompt's file at 16 kHz: WAV, one channel, 16 kHz, 16 bit, or MP3 with an ID3v2 tag (how-to and
 * concept pages of the play action). Undefined for anything else.
 */
export async function promptSound(bytes: Uint8Array): Promise<Int16Array | undefined> {
  const tag = id3Bytes(bytes);
  return tag === undefined ? wavSound(bytes) : mp3Sound(bytes.subarray(tag));
}

function wavSound(bytes: Uint8Array): Int16Array | undefined {
  try {
    const { channels, sampleRate } = readWav(bytes);
    return channels.length === 1 && sampleRate === RECORDING_RATE ? channels[0] : undefined;
  } catch {
    return undefined;
  }
}

async function mp3Sound(bytes: Uint8Array): Promise<Int16Array | undefined> {
  try {
    const { channels, sampleRate } = await decodeAudio(bytes, 'mp3');
    const length = Math.floor(((channels[0]?.length ?? 0) * RECORDING_RATE) / sampleRate);
    return Int16Array.from({ length }, (_, index) => {
      const at = Math.floor((index * sampleRate) / RECORDING_RATE);
      return channels.reduce((sum, samples) => sum + (samples[at] ?? 0), 0) / channels.length;
    });
  } catch {
    return undefined;
  }
}

/** Length of an ID3v2 tag at the beginning, footer included; undefined without one. */
function id3Bytes(bytes: Uint8Array): number | undefined {
  const [i, d, three, , , flags = 0, ...size] = bytes.subarray(0, 10);
  if (i !== 0x49 || d !== 0x44 || three !== 0x33 || size.length < 4) return undefined;
  const length = size.reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return 10 + length + ((flags & 0x10) === 0 ? 0 : 10);
}
