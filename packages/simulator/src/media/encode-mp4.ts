import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { encodeOpus, OPUS_CLOCK, type OpusOptions, opusHead } from './opus.ts';
import { addStillPicture } from './still-picture.ts';

export interface Mp4Options extends OpusOptions {
  /** Whether a still picture (H.264) is shown as long as the sound lasts. @default false */
  readonly picture?: boolean;
}

/**
 * Encodes one channel as an MP4 file with an Opus track, and with a video track where one is asked for.
 *
 * The encoder's delay lies before time 0, as an edit list says, and the last packet is cut by its duration: what a
 * player hears begins with `samples[0]` and lasts `samples.length / sampleRate`, to the sample.
 */
export async function encodeMp4Audio(
  samples: Int16Array,
  sampleRate: 8000 | 16_000 | 48_000,
  options: Mp4Options = {},
): Promise<Uint8Array> {
  const { packets, preSkip } = encodeOpus(samples, sampleRate, options);
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const track = new EncodedAudioPacketSource('opus');
  output.addAudioTrack(track);
  const video = options.picture === true ? new EncodedVideoPacketSource('avc') : undefined;
  if (video) output.addVideoTrack(video);
  await output.start();
  const end = (samples.length * OPUS_CLOCK) / sampleRate;
  const description = opusHead(1, preSkip, sampleRate);
  for (const [index, packet] of packets.entries()) {
    const from = index * (OPUS_CLOCK / 50) - preSkip;
    const duration = Math.min(OPUS_CLOCK / 50, end - from);
    await track.add(new EncodedPacket(packet, 'key', from / OPUS_CLOCK, duration / OPUS_CLOCK), {
      decoderConfig: { codec: 'opus', numberOfChannels: 1, sampleRate: OPUS_CLOCK, description },
    });
  }
  if (video) await addStillPicture(video, samples.length / sampleRate);
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}
