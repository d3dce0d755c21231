import { OnRecordError } from '@onrecord/core';
import { MPEGDecoder } from 'mpg123-decoder';
import type { DecodedAudio } from './decode-mp4.ts';
import { mp3Frames } from './mp3-frames.ts';

/**
 * Decodes an MP3 file as a player hears it: with the silence that its encoder put before the sound.
 *
 * @throws OnRecordError `integrity-failed` for bytes that are no MP3 file of whole frames, or that break off in one.
 */
export async function decodeMp3Audio(bytes: Uint8Array): Promise<DecodedAudio> {
  const frames = mp3Frames(bytes);
  if (frames.count === 0) throw unreadable('it has no frame');
  if (frames.rest > 0) throw unreadable(`after ${frames.count} frames it goes on with ${frames.rest} bytes of none`);
  const decoder = new MPEGDecoder({ enableGapless: false });
  await decoder.ready;
  try {
    const { channelData, sampleRate, errors } = decoder.decode(bytes);
    const [error] = errors;
    if (error) throw unreadable(error.message);
    const channels = channelData.slice(0, frames.channelCount).map(samplesOf);
    return { sampleRate, channels, durationMs: ((channels[0]?.length ?? 0) * 1000) / sampleRate, codec: 'mp3' };
  } finally {
    decoder.free();
  }
}

function samplesOf(levels: Float32Array): Int16Array {
  return Int16Array.from(levels, (level) => Math.max(-32_768, Math.min(32_767, Math.round(level * 32_768))));
}

function unreadable(reason: string): OnRecordError {
  return new OnRecordError('integrity-failed', `This is not a whole MP3 recording: ${reason}.`, {
    remedy: 'Check that the file was downloaded whole.',
  });
}
