import { OnRecordError } from '@onrecord/core';
import { BufferSource, EncodedPacketSink, Input, MP4 } from 'mediabunny';
import { OpusReader, rateBeforeOpus } from './opus.ts';

/** Audio taken out of a file, whatever it was coded in. */
export interface DecodedAudio {
  readonly sampleRate: number;
  /** The samples of each channel, all of the same length. */
  readonly channels: readonly Int16Array[];
  readonly durationMs: number;
  /** What the samples were coded in: `pcm-s16` or the container's name for the codec, such as `opus`. */
  readonly codec: string;
}

/**
 * Decodes the first audio track of an MP4 file. Only Opus is decoded: it is what this simulator writes.
 *
 * Meant for files of known origin: a file that was cut off is refused, but one whose index was damaged on purpose can
 * keep the demuxer busy for very long.
 *
 * Each packet lies where its timestamp says; what comes before time 0 is dropped and gaps are silent.
 *
 * @throws OnRecordError `integrity-failed` when the bytes are no MP4 file with an audio track, `unsupported` for
 * another codec or more than two channels.
 */
export async function decodeMp4Audio(bytes: Uint8Array): Promise<DecodedAudio> {
  using input = new Input({ formats: [MP4], source: new BufferSource(bytes) });
  const { track, codec, channelCount, description } = await audioTrack(input);
  if (codec !== 'opus' || (channelCount !== 1 && channelCount !== 2)) {
    throw new OnRecordError(
      'unsupported',
      `This MP4 holds ${channelCount} channels of ${codec}, which cannot be decoded.`,
      {
        remedy: 'Only Opus of one or two channels is; decode other codecs with a tool such as ffmpeg.',
      },
    );
  }
  const sampleRate = rateBeforeOpus(description);
  try {
    const channels = await decodePackets(track, sampleRate, channelCount);
    return { sampleRate, channels, durationMs: ((channels[0]?.length ?? 0) * 1000) / sampleRate, codec };
  } catch (cause) {
    throw unreadable('its audio track is damaged or cut off', cause);
  }
}

type Track = NonNullable<Awaited<ReturnType<Input['getPrimaryAudioTrack']>>>;

async function audioTrack(
  input: Input,
): Promise<{ track: Track; codec: string; channelCount: number; description: Uint8Array | undefined }> {
  let track: Track | null;
  try {
    track = await input.getPrimaryAudioTrack();
  } catch (cause) {
    throw unreadable('it is no MP4, or was cut off', cause);
  }
  if (!track) throw unreadable('it has no audio track');
  const config = await track.getDecoderConfig();
  const description = config?.description;
  return {
    track,
    codec: track.codec ?? 'an unknown codec',
    channelCount: track.numberOfChannels,
    description: description instanceof Uint8Array ? description : undefined,
  };
}

async function decodePackets(
  track: Track,
  sampleRate: 8000 | 12_000 | 16_000 | 24_000 | 48_000,
  channelCount: 1 | 2,
): Promise<Int16Array[]> {
  const opus = new OpusReader(sampleRate, channelCount);
  const pieces: { readonly at: number; readonly end: number; readonly samples: readonly Int16Array[] }[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    pieces.push({
      at: Math.round(packet.timestamp * sampleRate),
      end: Math.round((packet.timestamp + packet.duration) * sampleRate),
      samples: opus.read(packet.data),
    });
  }
  const length = pieces.reduce((last, piece) => Math.max(last, piece.end), 0);
  if (length < Math.round((await track.computeDuration()) * sampleRate)) throw new Error('packets are missing');
  return Array.from({ length: channelCount }, (_, channel) => {
    const out = new Int16Array(length);
    for (const piece of pieces) {
      const samples = (piece.samples[channel] ?? new Int16Array(0)).subarray(
        Math.max(0, -piece.at),
        piece.end - piece.at,
      );
      out.set(samples, Math.max(0, piece.at));
    }
    return out;
  });
}

function unreadable(reason: string, cause?: unknown): OnRecordError {
  return new OnRecordError('integrity-failed', `This is not a readable MP4 recording: ${reason}.`, {
    remedy: 'Check that the file was downloaded whole.',
    cause,
  });
}
