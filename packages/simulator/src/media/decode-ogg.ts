import { OnRecordError } from '@onrecord/core';
import { readOgg } from '@onrecord/core/media';
import type { DecodedAudio } from './decode-mp4.ts';
import { OPUS_CLOCK, OpusReader } from './opus.ts';

/**
 * Decodes an Ogg Opus file to 48 kHz: its pre-skip is dropped, and it ends where its last page says.
 *
 * @throws OnRecordError `integrity-failed` for a file that is damaged or breaks off, `unsupported` for another codec or
 * more than two channels.
 */
export function decodeOggAudio(bytes: Uint8Array): DecodedAudio {
  const { codec, channelCount, preSkip, frames, durationMs, integrity, packets } = readOgg(bytes);
  if (integrity !== 'complete') {
    throw new OnRecordError('integrity-failed', `This Ogg file breaks off after ${Math.round(durationMs)} ms.`);
  }
  if (codec !== 'opus' || (channelCount !== 1 && channelCount !== 2)) {
    throw new OnRecordError(
      'unsupported',
      `This Ogg file holds ${channelCount} channels of ${codec}, which cannot be decoded.`,
      { remedy: 'Only Opus of one or two channels is; decode other codecs with a tool such as ffmpeg.' },
    );
  }
  const reader = new OpusReader(OPUS_CLOCK, channelCount);
  const channels = Array.from({ length: channelCount }, () => new Int16Array(frames));
  let at = -preSkip;
  for (const packet of packets) {
    const decoded = reader.read(packet);
    for (const [index, samples] of decoded.entries()) {
      const heard = samples.subarray(Math.max(0, -at), Math.max(0, frames - at));
      channels[index]?.set(heard, Math.max(0, at));
    }
    at += decoded[0]?.length ?? 0;
  }
  return { sampleRate: OPUS_CLOCK, channels, durationMs, codec };
}
