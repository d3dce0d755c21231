const CHUNK_HEADER = 8;

/**
 * Looks at what follows the samples that a header announces: further chunks, or more samples that it does not know of.
 * They are chunks where RIFF's own size covers the first of them, or where each begins like one and they end with the
 * file. Holds one chunk header.
 */
export class WavTail {
  readonly #begin: number;
  readonly #riffEnd: number;
  #bytes = 0;
  #skip = 0;
  #head: number[] = [];
  #isChain = true;
  #isAnnounced = false;

  /** @param begin offset of the first byte; none is padding, for whole frames of 16-bit samples have an even length. */
  constructor(begin: number, riffEnd: number) {
    this.#begin = begin;
    this.#riffEnd = riffEnd;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.#isChain; ) {
      const skipped = Math.min(this.#skip, bytes.length - at);
      this.#skip -= skipped;
      at += skipped;
      const head = bytes.subarray(at, at + CHUNK_HEADER - this.#head.length);
      if (this.#skip > 0 || head.length === 0) break;
      this.#head.push(...head);
      at += head.length;
      if (this.#head.length === CHUNK_HEADER) this.#readHead(this.#bytes + at);
    }
    this.#bytes += bytes.length;
  }

  /** Bytes behind those announced that are no chunks. */
  get unannounced(): number {
    const endsWithFile = this.#isChain && this.#head.length === 0 && this.#skip <= 1;
    return endsWithFile || this.#isAnnounced ? 0 : this.#bytes;
  }

  #readHead(end: number): void {
    const head = this.#head;
    this.#head = [];
    this.#isChain = head.slice(0, 4).every((byte) => byte >= 0x20 && byte <= 0x7e);
    if (!this.#isChain) return;
    const size = new DataView(Uint8Array.from(head).buffer).getUint32(4, true);
    this.#skip = size + (size & 1);
    if (this.#begin + end + size <= this.#riffEnd) this.#isAnnounced = true;
  }
}
