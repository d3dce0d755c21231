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
  const seconds = samples.length / sampleRate;
  return writeMp4({
    sound: { packets, ticks: OPUS_CLOCK / 50, count: packets.length, preSkip, sampleRate, seconds },
    picture: options.picture === true ? seconds : undefined,
  });
}

/** An MP4 file that holds a still picture (H.264) and no sound: what a camera shows. */
export function encodeMp4Video(seconds: number): Promise<Uint8Array> {
  return writeMp4({ picture: seconds });
}

/**
 * An MP4 file of any length for next to nothing: the same second of sound over and over, encoded once. What is heard
 * proves nothing; its length is exact.
 */
export async function encodeMp4Repeated(
  seconds: number,
  options: { readonly sound?: boolean; readonly picture?: boolean } = {},
): Promise<Uint8Array> {
  const { sound = true, picture = false } = options;
  return writeMp4({
    sound: sound ? { ...repeatedSecond(), count: Math.ceil(seconds * 10), seconds } : undefined,
    picture: picture ? seconds : undefined,
  });
}

interface Sound {
  /** Played in turn, again from the first when they are over. */
  readonly packets: readonly Uint8Array[];
  /** Length of each, at 48 kHz. */
  readonly ticks: number;
  readonly count: number;
  readonly preSkip: number;
  readonly sampleRate: number;
  readonly seconds: number;
}

async function writeMp4({
  sound,
  picture,
}: {
  readonly sound?: Sound | undefined;
  readonly picture?: number | undefined;
}) {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const track = sound && new EncodedAudioPacketSource('opus');
  const video = picture === undefined ? undefined : new EncodedVideoPacketSource('avc');
  if (track) output.addAudioTrack(track);
  if (video) output.addVideoTrack(video);
  await output.start();
  if (track && sound) await addSound(track, sound);
  if (video) await addStillPicture(video, picture ?? 0);
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}

async function addSound(track: EncodedAudioPacketSource, sound: Sound): Promise<void> {
  const { packets, ticks, count, preSkip, sampleRate, seconds } = sound;
  const end = seconds * OPUS_CLOCK;
  const description = opusHead(1, preSkip, sampleRate);
  const decoderConfig = { codec: 'opus', numberOfChannels: 1, sampleRate: OPUS_CLOCK, description } as const;
  for (let index = 0; index < count; index++) {
    const packet = packets[index % packets.length];
    if (!packet) return;
    const from = index * ticks - preSkip;
    const duration = Math.min(ticks, end - from);
    await track.add(new EncodedPacket(packet, 'key', from / OPUS_CLOCK, duration / OPUS_CLOCK), { decoderConfig });
  }
}

let second: Pick<Sound, 'packets' | 'ticks' | 'preSkip' | 'sampleRate'> | undefined;

/** Packets of 100 ms: few of them, and 5 s hold them without a rest. */
function repeatedSecond(): NonNullable<typeof second> {
  const samples = Int16Array.from({ length: 8_000 }, (_, index) => Math.round(Math.sin(index / 3) * 4_000));
  second ??= {
    packets: encodeOpus(samples, 8_000, { packetsPerSecond: 10 }).packets.slice(0, 10),
    ticks: OPUS_CLOCK / 10,
    preSkip: 0,
    sampleRate: 8_000,
  };
  return second;
}
