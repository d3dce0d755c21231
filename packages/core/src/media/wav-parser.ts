import { samplesFromBytes } from './pcm.ts';
import { unreadableWav, unsupportedWav } from './wav-errors.ts';
import { UNKNOWN_SIZE, type WavFormat, type WavIntegrity, type WavSummary } from './wav-format.ts';
import { WavTail } from './wav-tail.ts';

const PCM = 1;
const EXTENSIBLE = 0xfffe;
/** Bytes 2 to 15 of every KSDATAFORMAT_SUBTYPE GUID; bytes 0 and 1 are the plain format tag. */
const SUBTYPE_TAIL = '000000001000800000aa00389b71';
const FORMAT_NEEDED = 40;
const EMPTY = new Int16Array(0);

type State = 'riff' | 'chunk' | 'format' | 'data' | 'after';

/**
 * Reads a WAV file pushed in pieces of any size. Holds no more than one header field and one incomplete frame;
 * chunks other than `fmt ` and `data` (JUNK, LIST, bext, …) pass unread.
 */
export class WavParser {
  #state: State = 'riff';
  #pending: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #skip = 0;
  #riffEnd = 0;
  #chunkSize = 0;
  #sampleRate = 0;
  #channels = 0;
  #remaining = 0;
  #samples = 0;
  #emptyByHeader = false;
  #format: WavFormat | undefined;
  #dataOffset = 0;
  #tail: WavTail | undefined;

  /** Known as soon as the `data` chunk has begun. */
  get format(): WavFormat | undefined {
    return this.#format;
  }

  /**
   * Takes the next bytes of the file.
   * @returns the whole frames that are complete now, interleaved.
   * @throws OnRecordError as soon as the bytes cannot be a 16-bit PCM WAV file.
   */
  push(bytes: Uint8Array): Int16Array {
    if (this.#state === 'after') {
      this.#tail?.push(bytes);
      return EMPTY;
    }
    let rest = this.#pending.length > 0 ? joined(this.#pending, bytes) : bytes;
    this.#pending = new Uint8Array(0);
    for (;;) {
      const skipped = Math.min(this.#skip, rest.length);
      this.#skip -= skipped;
      rest = this.#take(rest, skipped)[1];
      if (this.#state === 'data') return this.#readFrames(rest);
      const needed = this.#needed();
      if (this.#skip > 0 || rest.length < needed) {
        this.#pending = rest.slice();
        return EMPTY;
      }
      const [head, tail] = this.#take(rest, needed);
      this.#readHeader(head);
      rest = tail;
    }
  }

  /** Offset of the first sample; known with the format. */
  get dataOffset(): number {
    return this.#dataOffset;
  }

  /** Bytes from the first sample to the last one, whether or not the header announces them all. */
  get dataBytes(): number {
    return this.#samples * 2 + this.#pending.length + (this.#tail?.unannounced ?? 0);
  }

  /**
   * Says how the file ended.
   * @throws OnRecordError when the samples had not begun.
   */
  end(): WavSummary {
    const format = this.#format;
    if (!format) {
      throw unreadableWav(
        this.#state === 'riff' ? 'it is shorter than a RIFF header' : 'it ends before its data chunk',
        this.#offset + this.#pending.length,
      );
    }
    const frames = this.#samples / format.channelCount;
    const durationMs = (frames * 1000) / format.sampleRate;
    return { ...format, frames, durationMs, integrity: this.#integrity() };
  }

  #integrity(): WavIntegrity {
    if (Math.floor(this.dataBytes / (this.#channels * 2)) * this.#channels > this.#samples) return 'understated';
    if (this.#remaining === Number.POSITIVE_INFINITY) {
      return this.dataBytes === 0 && this.#emptyByHeader ? 'complete' : 'undeclared';
    }
    if (this.#pending.length > 0) return 'truncated';
    return this.#remaining === 0 ? 'complete' : 'truncated';
  }

  #needed(): number {
    if (this.#state === 'riff') return 12;
    return this.#state === 'chunk' ? 8 : Math.min(this.#chunkSize, FORMAT_NEEDED);
  }

  #take(bytes: Uint8Array, count: number): readonly [Uint8Array, Uint8Array] {
    this.#offset += count;
    return [bytes.subarray(0, count), bytes.subarray(count)];
  }

  #readHeader(head: Uint8Array): void {
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    if (this.#state === 'riff') this.#readRiff(view);
    else if (this.#state === 'format') this.#readFormat(view);
    else this.#readChunk(view);
  }

  #readRiff(view: DataView): void {
    const form = text(view, 0);
    if (form === 'RF64' || form === 'BW64') throw unsupportedWav(`it is ${form}; files above 4 GiB are not read`);
    if (form !== 'RIFF' || text(view, 8) !== 'WAVE') throw unreadableWav('it does not begin with RIFF … WAVE', 0);
    this.#riffEnd = view.getUint32(4, true) + 8;
    this.#state = 'chunk';
  }

  #readChunk(view: DataView): void {
    const id = text(view, 0);
    const size = view.getUint32(4, true);
    this.#chunkSize = size;
    if (id === 'data') this.#beginData(size);
    else if (id !== 'fmt ') this.#skip = size + (size & 1);
    else if (size < 16) throw unreadableWav(`its fmt chunk has ${size} bytes instead of at least 16`, this.#offset);
    else this.#state = 'format';
  }

  #readFormat(view: DataView): void {
    const plainTag = view.getUint16(0, true);
    const extended = plainTag === EXTENSIBLE && view.byteLength >= FORMAT_NEEDED && hex(view, 26, 40) === SUBTYPE_TAIL;
    const tag = extended ? view.getUint16(24, true) : plainTag;
    const bits = view.getUint16(14, true);
    const channels = view.getUint16(2, true);
    const sampleRate = view.getUint32(4, true);
    if (tag !== PCM || bits !== 16) {
      throw unsupportedWav(`it holds format tag ${tag} with ${bits} bits a sample; only 16-bit PCM (tag 1) is read`);
    }
    if (channels === 0 || sampleRate === 0 || view.getUint16(12, true) !== channels * 2) {
      throw unreadableWav(`its fmt chunk contradicts itself: ${channels} channels at ${sampleRate} Hz`, this.#offset);
    }
    this.#channels = channels;
    this.#sampleRate = sampleRate;
    this.#skip = this.#chunkSize + (this.#chunkSize & 1) - view.byteLength;
    this.#state = 'chunk';
  }

  #beginData(size: number): void {
    if (this.#channels === 0) throw unreadableWav('its data chunk comes before its fmt chunk', this.#offset);
    const endless = this.#riffEnd <= this.#offset || this.#riffEnd === UNKNOWN_SIZE + 8;
    this.#emptyByHeader = size === 0 && this.#riffEnd === this.#offset;
    this.#remaining = size === UNKNOWN_SIZE || (size === 0 && endless) ? Number.POSITIVE_INFINITY : size;
    this.#format = { sampleRate: this.#sampleRate, channelCount: this.#channels };
    this.#dataOffset = this.#offset;
    this.#tail = new WavTail(this.#offset + size, endless ? 0 : this.#riffEnd);
    this.#state = 'data';
  }

  #readFrames(bytes: Uint8Array): Int16Array {
    const available = bytes.subarray(0, Math.min(bytes.length, this.#remaining));
    const whole = available.length - (available.length % (this.#channels * 2));
    this.#offset += whole;
    this.#remaining -= whole;
    if (bytes.length >= this.#remaining + whole) this.#state = 'after';
    this.#pending = available.slice(whole);
    this.#samples += whole / 2;
    if (this.#state === 'after') this.#tail?.push(bytes.subarray(available.length));
    return samplesFromBytes(available.subarray(0, whole));
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const out = new Uint8Array(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}

function text(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function hex(view: DataView, from: number, to: number): string {
  let out = '';
  for (let at = from; at < to; at++) out += view.getUint8(at).toString(16).padStart(2, '0');
  return out;
}
