import { OnRecordError } from '@onrecord/core';
import type { AudioCodec, EncodedPacket, VideoCodec } from 'mediabunny';
import { parseChunkKey } from './chunk-key.ts';
import type { ChunkSource, ListedObject } from './chunk-source.ts';
import { datedMp4 } from './mp4-dates.ts';
import { inMp4, mediabunny } from './mp4-file.ts';
import { readAhead } from './read-ahead.ts';

export interface RemuxOptions {
  readonly signal: AbortSignal;
  /** Whether the picture of the chunks is taken over as well. */
  readonly video: boolean;
  /** A chunk that begins this much off the end of the one before lies where its key says; else it follows at once. */
  readonly snapMs: number;
  /** Told at the end what became of the chunks. */
  readonly onDone?: ((done: Remuxed) => void) | undefined;
}

/** What came of the chunks. */
export interface Remuxed {
  readonly chunks: number;
  /** Chunks that are empty, damaged or coded otherwise than the first: gaps in the result. */
  readonly skipped: readonly string[];
  /** Of the result, from its first to its last sound. */
  readonly durationMs: number;
  /** Of the sound in it, without gaps. */
  readonly audioMs: number;
}

const mostSkippedNames = 100;
const seconds = 1 / 1_000;

/**
 * Joins the chunks in one folder into one MP4 file, without coding anything anew: every packet is copied as it is. The
 * file is fragmented, so it streams while it is made, and memory holds a few chunks whatever the length of the meeting.
 * Times follow the keys of the chunks: where one is missing, nothing is heard for as long. The same chunks give the same
 * bytes.
 *
 * @param prefix of the folder, with a slash at its end.
 * @throws OnRecordError `integrity-failed` when not one chunk can be read.
 */
export async function* remuxChunks(
  source: ChunkSource,
  prefix: string,
  options: RemuxOptions,
): AsyncGenerator<Uint8Array> {
  const { signal } = options;
  const first = await firstReadable(source, prefix, options);
  const joiner = await Joiner.open(first, options);
  const dated = datedMp4(first.startMs);
  for await (const { object, bytes } of readAhead(source, source.list(prefix, { signal }), signal)) {
    const startMs = startOf(prefix, object);
    if (startMs === undefined) continue;
    await joiner.add(object.key, startMs - first.startMs, bytes);
    for (const piece of joiner.take()) yield* dated.push(piece);
  }
  await joiner.finish();
  for (const piece of joiner.take()) yield* dated.push(piece);
  options.onDone?.(joiner.done());
}

interface Beginning {
  readonly startMs: number;
  readonly audio: { readonly codec: AudioCodec; readonly config: AudioDecoderConfig };
  readonly video: { readonly codec: VideoCodec; readonly config: VideoDecoderConfig } | undefined;
}

/** How the sound of the first readable chunk is coded, and the picture of the first one that has any. */
async function firstReadable(source: ChunkSource, prefix: string, { signal, video }: RemuxOptions): Promise<Beginning> {
  const { BufferSource } = await mediabunny();
  let found: Beginning | undefined;
  for await (const { object, bytes } of readAhead(source, source.list(prefix, { signal }), signal)) {
    const startMs = startOf(prefix, object);
    if (startMs === undefined || bytes.length === 0) continue;
    const coded = await inMp4(new BufferSource(bytes), async (tracks) => ({
      audio: { codec: tracks.audio.codec, config: await tracks.audio.getDecoderConfig() },
      video: tracks.video && { codec: tracks.video.codec, config: await tracks.video.getDecoderConfig() },
    })).catch(() => undefined);
    if (!coded?.audio.codec || !coded.audio.config) continue;
    const picture =
      video && coded.video?.codec && coded.video.config
        ? { codec: coded.video.codec, config: coded.video.config }
        : undefined;
    found ??= { startMs, audio: { codec: coded.audio.codec, config: coded.audio.config }, video: undefined };
    if (picture) return { ...found, video: picture };
    if (!video) return found;
  }
  if (found) return found;
  throw new OnRecordError('integrity-failed', `No chunk under ${prefix} can be read.`, {
    retry: 'never',
    blame: 'provider',
    remedy: 'Look whether the chunks were deleted, or are encrypted with a key that may not be used here.',
  });
}

function startOf(prefix: string, { key }: ListedObject): number | undefined {
  const folder = /[^/]+\/$/.exec(prefix)?.[0] ?? '';
  return parseChunkKey(folder + key.slice(prefix.length))?.startMs;
}

type Libraries = typeof import('mediabunny');
type Output = InstanceType<Libraries['Output']>;
type AudioOut = InstanceType<Libraries['EncodedAudioPacketSource']>;
type Description = AudioDecoderConfig['description'];
type VideoOut = InstanceType<Libraries['EncodedVideoPacketSource']>;

/** Copies packets of chunk after chunk into one fragmented file. */
class Joiner {
  readonly #library: Libraries;
  readonly #beginning: Beginning;
  readonly #snap: number;
  readonly #output: Output;
  readonly #audio: AudioOut;
  readonly #video: VideoOut | undefined;
  readonly #written: Uint8Array[];
  readonly #skipped: string[] = [];
  #chunks = 0;
  /** Seconds, in the result: where the sound ends so far, and the last packet's times. */
  #end = 0;
  #heard = 0;
  #lastAudio = Number.NEGATIVE_INFINITY;
  #lastVideo = Number.NEGATIVE_INFINITY;
  #lastPicture: EncodedPacket | undefined;

  static async open(beginning: Beginning, { snapMs }: RemuxOptions): Promise<Joiner> {
    const library = await mediabunny();
    const written: Uint8Array[] = [];
    const target = new library.AppendOnlyStreamTarget(
      new WritableStream<Uint8Array>({
        write(piece) {
          written.push(piece.slice());
        },
      }),
    );
    const output = new library.Output({ format: new library.Mp4OutputFormat({ fastStart: 'fragmented' }), target });
    const audio = new library.EncodedAudioPacketSource(beginning.audio.codec);
    output.addAudioTrack(audio, { decoderConfig: beginning.audio.config });
    const video = beginning.video && new library.EncodedVideoPacketSource(beginning.video.codec);
    if (video && beginning.video) output.addVideoTrack(video, { decoderConfig: beginning.video.config });
    await output.start();
    return new Joiner({ library, beginning, snapMs, output, audio, video, written });
  }

  private constructor(parts: {
    readonly library: Libraries;
    readonly beginning: Beginning;
    readonly snapMs: number;
    readonly output: Output;
    readonly audio: AudioOut;
    readonly video: VideoOut | undefined;
    readonly written: Uint8Array[];
  }) {
    this.#library = parts.library;
    this.#beginning = parts.beginning;
    this.#snap = parts.snapMs * seconds;
    this.#output = parts.output;
    this.#audio = parts.audio;
    this.#video = parts.video;
    this.#written = parts.written;
  }

  /** Adds a chunk that begins so many milliseconds after the first one. One that cannot be read leaves a gap. */
  async add(key: string, offsetMs: number, bytes: Uint8Array): Promise<void> {
    this.#chunks++;
    const packets = bytes.length === 0 ? undefined : await this.#read(bytes).catch(() => undefined);
    if (!packets) {
      if (this.#skipped.length < mostSkippedNames) this.#skipped.push(key);
      return;
    }
    const told = offsetMs * seconds;
    const at = Math.abs(told - this.#end) <= this.#snap ? this.#end : Math.max(told, this.#end);
    // The picture first: a fragment is written once the other track is known to have come as far.
    await this.#addVideo(packets.video, at);
    await this.#addAudio(packets.audio, at);
  }

  /** The bytes that were written since. */
  take(): readonly Uint8Array[] {
    return this.#written.splice(0);
  }

  async finish(): Promise<void> {
    await this.#output.finalize();
  }

  done(): Remuxed {
    return {
      chunks: this.#chunks,
      skipped: this.#skipped,
      durationMs: Math.round(this.#end / seconds),
      audioMs: Math.round(this.#heard / seconds),
    };
  }

  async #read(bytes: Uint8Array) {
    const { BufferSource, EncodedPacketSink } = this.#library;
    return inMp4(new BufferSource(bytes), async ({ audio, video }) => {
      const config = await audio.getDecoderConfig();
      if (!config || !sameCoding(config, this.#beginning.audio.config)) throw new Error('It is coded otherwise.');
      const sound = await all(new EncodedPacketSink(audio).packets());
      const picture = video && this.#video ? await video.getDecoderConfig() : null;
      const fits = picture && this.#beginning.video && sameCoding(picture, this.#beginning.video.config);
      return { audio: sound, video: video && fits ? await all(new EncodedPacketSink(video).packets()) : [] };
    });
  }

  async #addAudio(packets: readonly EncodedPacket[], at: number): Promise<void> {
    for (const packet of packets) {
      const end = packet.timestamp + packet.duration;
      // An encoder's lead-in lies before time 0: of the first chunk it stays, of a later one it is inside the one before.
      if (end <= 0) continue;
      const timestamp = Math.max(at + packet.timestamp, this.#lastAudio);
      await this.#audio.add(
        packet.clone({ timestamp, duration: Math.max(0, at + end - timestamp), sequenceNumber: -1 }),
      );
      this.#lastAudio = timestamp;
      this.#heard += end - Math.max(0, packet.timestamp);
      this.#end = Math.max(this.#end, at + end);
    }
  }

  async #addVideo(packets: readonly EncodedPacket[], at: number): Promise<void> {
    if (!this.#video) return;
    const firstKey = packets.findIndex(({ type }) => type === 'key');
    const usable = firstKey < 0 ? [] : packets.slice(firstKey);
    if (usable.length === 0) {
      // Nobody was seen: the last picture stands, lest the sound wait in memory for the next one.
      if (this.#lastPicture && at > this.#lastVideo) {
        await this.#video.add(this.#lastPicture.clone({ timestamp: at, sequenceNumber: -1 }));
        this.#lastVideo = at;
      }
      return;
    }
    let highest = this.#lastVideo;
    for (const packet of usable) {
      const timestamp = Math.max(at + packet.timestamp, this.#lastVideo);
      await this.#video.add(packet.clone({ timestamp, sequenceNumber: -1 }));
      if (packet.type === 'key') this.#lastPicture = packet;
      highest = Math.max(highest, timestamp);
    }
    this.#lastVideo = highest;
  }
}

async function all(packets: AsyncIterable<EncodedPacket>): Promise<readonly EncodedPacket[]> {
  const list: EncodedPacket[] = [];
  for await (const packet of packets) list.push(packet);
  return list;
}

/** Packets of one coding can follow those of another only if a decoder for the one understands the other. */
function sameCoding(
  left: { readonly codec: string; readonly description?: Description },
  right: { readonly codec: string; readonly description?: Description },
): boolean {
  return left.codec === right.codec && bytesOf(left.description).equals(bytesOf(right.description));
}

function bytesOf(description: Description): Buffer {
  if (description === undefined) return Buffer.alloc(0);
  if (ArrayBuffer.isView(description))
    return Buffer.from(description.buffer, description.byteOffset, description.byteLength);
  return Buffer.from(description);
}
