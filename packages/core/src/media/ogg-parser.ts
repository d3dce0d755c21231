import { headerPackets, type OggFormat, oggFormat } from './ogg-codec.ts';
import { unreadableOgg, unsupportedOgg } from './ogg-errors.ts';
import { type OggPage, OggPageReader } from './ogg-pages.ts';
import { opusSamples } from './opus-packet.ts';

/**
 * How the file ended: `complete` with a page that says it is the last; `truncated` inside a page; `unterminated` between
 * two pages, as a writer leaves it that was stopped before it had finished.
 */
export type OggIntegrity = 'complete' | 'truncated' | 'unterminated';

/** What a reader knows once the last byte has been seen. */
export interface OggSummary extends OggFormat {
  /** Frames that are heard: without the pre-skip, and without what the last page cuts off. */
  readonly frames: number;
  readonly durationMs: number;
  readonly integrity: OggIntegrity;
}

/** Bytes of a packet that are kept where its audio is not wanted: enough for every header that is read. */
const HEAD_BYTES = 64;

/**
 * Reads an Ogg file of one audio stream, pushed in pieces of any size. Holds one page and the packet that is not whole
 * yet: its beginning, or all of it where `onPacket` takes the audio.
 */
export class OggParser {
  readonly #pages = new OggPageReader();
  readonly #onPacket: ((packet: Uint8Array) => void) | undefined;
  #format: OggFormat | undefined;
  #serial: number | undefined;
  #sequence = 0;
  #packet: Uint8Array = new Uint8Array(0);
  #isOpen = false;
  #packets = 0;
  /** Granule position of the first frame. */
  #start: bigint | undefined;
  #granule = 0n;
  #isOver = false;

  constructor(onPacket?: (packet: Uint8Array) => void) {
    this.#onPacket = onPacket;
  }

  /** Whether what precedes the audio is whole. */
  get hasHeaders(): boolean {
    return this.#isAudio();
  }

  /** Whether every byte so far can be of an Ogg file. */
  get beginsLikeOgg(): boolean {
    return this.#pages.looksLikeOgg;
  }

  /**
   * Takes the next bytes of the file.
   * @throws OnRecordError `integrity-failed` for what is no Ogg file, a page that is damaged or missing; `unsupported`
   * for several streams in one file, one after the other or at once, and for other codecs.
   */
  push(bytes: Uint8Array): void {
    this.#pages.push(bytes, (page) => this.#take(page));
  }

  /**
   * Says how the file ended.
   * @throws OnRecordError `integrity-failed` when it ended before its audio could begin.
   */
  end(): OggSummary {
    const { pending, offset } = this.#pages;
    this.#pages.checkBeginning();
    const format = this.#format;
    if (!format || !this.#isAudio()) {
      throw unreadableOgg(
        offset + pending === 0 ? 'it is empty' : 'it ends before its headers are whole',
        offset + pending,
      );
    }
    const heard = this.#granule - (this.#start ?? 0n) - BigInt(format.preSkip);
    const frames = heard > 0n ? Number(heard) : 0;
    const durationMs = (frames * 1000) / format.sampleRate;
    const integrity = pending > 0 ? 'truncated' : this.#isOver ? 'complete' : 'unterminated';
    return { ...format, frames, durationMs, integrity };
  }

  #take(page: OggPage): void {
    this.#checkOrder(page);
    const samples = this.#takePackets(page);
    this.#isOver = page.last;
    if (this.#isAudio()) this.#takeGranule(page, samples);
  }

  #checkOrder(page: OggPage): void {
    const { offset, first, serial, sequence, continued } = page;
    if (this.#serial === undefined) {
      if (!first) throw unreadableOgg('it does not begin with the first page of a stream', offset);
      this.#serial = serial;
    } else if (first) {
      const chained = this.#isOver || this.#isAudio();
      throw unsupportedOgg(
        chained ? 'another stream follows the first one (chained)' : 'it holds several streams at once (multiplexed)',
        offset,
      );
    } else if (serial !== this.#serial) {
      throw unsupportedOgg('it holds pages of several streams (multiplexed)', offset);
    } else if (this.#isOver) {
      throw unreadableOgg('pages follow the one that says it is the last', offset);
    } else if (sequence !== (this.#sequence + 1) >>> 0) {
      throw unreadableOgg(`page ${sequence} follows page ${this.#sequence}: pages are missing`, offset);
    }
    if (continued !== this.#isOpen) {
      throw unreadableOgg(`a page ${continued ? 'goes on with' : 'breaks off'} a packet without its rest`, offset);
    }
    this.#sequence = sequence;
  }

  /** Samples at 48 kHz of the audio packets that end on the page, where it holds Opus. */
  #takePackets({ lacing, body, offset }: OggPage): number {
    let samples = 0;
    let from = 0;
    for (const value of lacing) {
      this.#keep(body.subarray(from, from + value));
      from += value;
      this.#isOpen = value === 255;
      if (this.#isOpen) continue;
      samples += this.#finishPacket(offset);
    }
    return samples;
  }

  #keep(piece: Uint8Array): void {
    const isWanted = this.#onPacket !== undefined && this.#isAudio();
    const room = isWanted ? piece.length : Math.max(0, HEAD_BYTES - this.#packet.length);
    if (room === 0) return;
    const kept = piece.subarray(0, room);
    const joined = new Uint8Array(this.#packet.length + kept.length);
    joined.set(this.#packet);
    joined.set(kept, this.#packet.length);
    this.#packet = joined;
  }

  #isAudio(): boolean {
    return this.#format !== undefined && this.#packets >= headerPackets[this.#format.codec];
  }

  #finishPacket(offset: number): number {
    const packet = this.#packet;
    const isAudio = this.#isAudio();
    this.#packet = new Uint8Array(0);
    this.#packets += 1;
    this.#format ??= oggFormat(packet, offset);
    if (!isAudio) return 0;
    this.#onPacket?.(packet);
    return this.#format.codec === 'opus' ? opusSamples(packet) : 0;
  }

  /** RFC 7845 section 4: the position of a page is that of its last frame; a capture may begin at any position. */
  #takeGranule({ granule, last, offset }: OggPage, samples: number): void {
    if (granule === undefined) return;
    if (granule < this.#granule) throw unreadableOgg('its pages go back in time', offset);
    if (this.#start === undefined && samples > 0) {
      const start = granule - BigInt(samples);
      // The last page may end within its packets: alone, it says nothing of where the capture began.
      this.#start = start > 0n && !last ? start : 0n;
    }
    this.#granule = granule;
  }
}
