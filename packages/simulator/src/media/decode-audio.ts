import { OnRecordError } from '@onrecord/core';
import { readWav } from '@onrecord/core/media';
import { decodeMp3Audio } from './decode-mp3.ts';
import { type DecodedAudio, decodeMp4Audio } from './decode-mp4.ts';
import { decodeOggAudio } from './decode-ogg.ts';

/**
 * Decodes a recording of any kind that this simulator makes, and Ogg Opus, which other servers write.
 *
 * A truncated WAV file is an error here: a measurement must not pass on half of a recording.
 *
 * @param container as in a recording's format, `wav`, `mp3`, `mp4` or `ogg`.
 * @throws OnRecordError `integrity-failed` for damaged or truncated files, `unsupported` for other containers and codecs.
 */
export async function decodeAudio(bytes: Uint8Array, container: string): Promise<DecodedAudio> {
  if (container === 'mp4') return decodeMp4Audio(bytes);
  if (container === 'mp3') return decodeMp3Audio(bytes);
  if (container === 'ogg') return decodeOggAudio(bytes);
  if (container !== 'wav') {
    throw new OnRecordError('unsupported', `Audio in ${container} cannot be decoded; only wav, mp3, mp4 and ogg can.`);
  }
  const wav = readWav(bytes);
  if (wav.integrity === 'truncated' || wav.integrity === 'understated') {
    throw new OnRecordError(
      'integrity-failed',
      `This WAV file does not end where its header says, after ${wav.frames} whole frames.`,
    );
  }
  return { sampleRate: wav.sampleRate, channels: wav.channels, durationMs: wav.durationMs, codec: 'pcm-s16' };
}
