import type { AudioCodec, EncodedPacket, VideoCodec } from 'mediabunny';
import { FragmentedFile } from './fragmented-file.ts';
import { inMp4, mediabunny } from './mp4-file.ts';

/** How the packets of all chunks must be coded to follow each other. */
export interface Coding {
  readonly audio: { readonly codec: AudioCodec; readonly config: AudioDecoderConfig };
  readonly video: { readonly codec: VideoCodec; readonly config: VideoDecoderConfig } | undefined;
}

/** What came of the chunks. */
export interface Remuxed {
  readonly chunks: number;
  /** Chunks that are empty, damaged or coded otherwise than the first: gaps in the result. */
  readonly skipped: number;
  /** Keys of the first hundred of them. */
  readonly skippedKeys: readonly string[];
  /** Of the result, from its first to its last sound. */
  readonly durationMs: number;
  /** Of the sound in it, without gaps. */
  readonly audioMs: number;
}

type Libraries = typeof import('mediabunny');
type Description = AudioDecoderConfig['description'];

/** Chunks that are muxed together: as much is in memory. */
const chunksAtOnce = 6;
const mostSkippedNames = 100;
const seconds = 1 / 1_000;

/** Copies the packets of chunk after chunk into one fragmented file, whose pieces it hands out as they are finished. */
export class Joiner {
  readonly #library: Libraries;
  readonly #coding: Coding;
  readonly #snap: number;
  readonly #file: FragmentedFile;
  readonly #skippedKeys: string[] = [];
  #skipped = 0;
  #run: Run | undefined;
  #runs = 0;
  #chunks = 0;
  /** Seconds, in the result: where the sound ends so far, what of it is heard, and the last packets' times. */
  #end = 0;
  #heard = 0;
  #lastAudio = Number.NEGATIVE_INFINITY;
  #lastVideo = Number.NEGATIVE_INFINITY;
  /** What lies before time 0 in the first run, which its index shifts. The later ones have to follow. */
  #lead = 0;

  /**
   * @param snapMs a chunk that begins this much off the end of the one before lies where it says; else it follows at once.
   */
  static async open(coding: Coding, options: { readonly startMs: number; readonly snapMs: number }): Promise<Joiner> {
    return new Joiner(await mediabunny(), coding, options);
  }

  private constructor(
    library: Libraries,
    coding: Coding,
    options: { readonly startMs: number; readonly snapMs: number },
  ) {
    this.#library = library;
    this.#coding = coding;
    this.#snap = options.snapMs * seconds;
    this.#file = new FragmentedFile(options.startMs);
  }

  /** Adds a chunk that begins so many milliseconds after the first one. One that cannot be read leaves a gap. */
  async *add(key: string, offsetMs: number, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    this.#chunks++;
    const packets = bytes.length === 0 ? undefined : await this.#read(bytes).catch(() => undefined);
    if (!packets) {
      this.#skipped++;
      if (this.#skippedKeys.length < mostSkippedNames) this.#skippedKeys.push(key);
      return;
    }
    const told = offsetMs * seconds;
    const at = Math.abs(told - this.#end) <= this.#snap ? this.#end : Math.max(told, this.#end);
    this.#run ??= await Run.open(this.#library, this.#coding);
    await this.#addVideo(this.#run, packets.video, at);
    await this.#addAudio(this.#run, packets.audio, at);
    if (++this.#run.chunks >= chunksAtOnce) yield* this.finish();
  }

  /** What is not handed out yet. */
  async *finish(): AsyncGenerator<Uint8Array> {
    const run = this.#run;
    if (!run) return;
    this.#run = undefined;
    this.#runs++;
    yield* this.#file.append(await run.close());
  }

  done(): Remuxed {
    return {
      chunks: this.#chunks,
      skipped: this.#skipped,
      skippedKeys: [...this.#skippedKeys],
      durationMs: Math.round(this.#end / seconds),
      audioMs: Math.round(this.#heard / seconds),
    };
  }

  async #read(bytes: Uint8Array) {
    const { BufferSource, EncodedPacketSink } = this.#library;
    const { audio: voices, video: camera } = this.#coding;
    return inMp4(new BufferSource(bytes), async ({ audio, video }) => {
      const config = await audio.getDecoderConfig();
      if (!config || !sameCoding(config, voices.config)) throw new Error('It is coded otherwise.');
      const sound = await all(new EncodedPacketSink(audio).packets());
      const picture = video && camera ? await video.getDecoderConfig() : null;
      const fits = picture && camera && sameCoding(picture, camera.config);
      return { audio: sound, video: video && fits ? await all(new EncodedPacketSink(video).packets()) : [] };
    });
  }

  async #addAudio({ audio }: Run, packets: readonly EncodedPacket[], at: number): Promise<void> {
    for (const packet of packets) {
      const end = packet.timestamp + packet.duration;
      // An encoder's lead-in lies before time 0: of the first chunk it stays, of a later one it is inside the one before.
      if (end <= 0) continue;
      const timestamp = Math.max(at + packet.timestamp, this.#lastAudio);
      if (this.#lastAudio === Number.NEGATIVE_INFINITY) this.#lead = Math.max(0, -timestamp);
      const shifted = timestamp + (this.#runs > 0 ? this.#lead : 0);
      await audio.add(
        packet.clone({ timestamp: shifted, duration: Math.max(0, at + end - timestamp), sequenceNumber: -1 }),
      );
      this.#lastAudio = timestamp;
      this.#heard += end - Math.max(0, packet.timestamp);
      this.#end = Math.max(this.#end, at + end);
    }
  }

  /** Where nobody was seen there is no packet, and the last picture stands. */
  async #addVideo({ video }: Run, packets: readonly EncodedPacket[], at: number): Promise<void> {
    const firstKey = packets.findIndex(({ type }) => type === 'key');
    if (!video || firstKey < 0) return;
    let highest = this.#lastVideo;
    for (const packet of packets.slice(firstKey)) {
      const timestamp = Math.max(0, at + packet.timestamp, this.#lastVideo);
      await video.add(packet.clone({ timestamp, sequenceNumber: -1 }));
      highest = Math.max(highest, timestamp);
    }
    this.#lastVideo = highest;
  }
}

/** A few chunks, muxed into a fragmented file of their own. */
class Run {
  readonly audio: InstanceType<Libraries['EncodedAudioPacketSource']>;
  readonly video: InstanceType<Libraries['EncodedVideoPacketSource']> | undefined;
  chunks = 0;
  readonly #output: InstanceType<Libraries['Output']>;
  readonly #target: InstanceType<Libraries['BufferTarget']>;

  static async open(library: Libraries, coding: Coding): Promise<Run> {
    const run = new Run(library, coding);
    await run.#output.start();
    return run;
  }

  private constructor(library: Libraries, { audio, video }: Coding) {
    const format = new library.Mp4OutputFormat({ fastStart: 'fragmented' });
    this.#target = new library.BufferTarget();
    this.#output = new library.Output({ format, target: this.#target });
    this.audio = new library.EncodedAudioPacketSource(audio.codec);
    this.#output.addAudioTrack(this.audio, { decoderConfig: audio.config });
    this.video = video && new library.EncodedVideoPacketSource(video.codec);
    if (this.video && video) this.#output.addVideoTrack(this.video, { decoderConfig: video.config });
  }

  async close(): Promise<Uint8Array> {
    await this.#output.finalize();
    return new Uint8Array(this.#target.buffer ?? new ArrayBuffer(0));
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
  if (!ArrayBuffer.isView(description)) return Buffer.from(description);
  return Buffer.from(description.buffer, description.byteOffset, description.byteLength);
}
