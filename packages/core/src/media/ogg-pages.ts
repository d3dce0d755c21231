import { oggCrc } from './ogg-crc.ts';
import { unreadableOgg } from './ogg-errors.ts';

/** One page (RFC 3533 section 6). Its bytes are valid only until the next one is read. */
export interface OggPage {
  /** Where it begins in the file. */
  readonly offset: number;
  /** Its first bytes belong to a packet that an earlier page began. */
  readonly continued: boolean;
  /** First page of its stream. */
  readonly first: boolean;
  /** Last page of its stream. */
  readonly last: boolean;
  /** Undefined where no packet ends on the page. */
  readonly granule: bigint | undefined;
  readonly serial: number;
  readonly sequence: number;
  /** The lacing values: 255 says that the packet goes on in the next segment. */
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
}

const HEADER_BYTES = 27;
const LONGEST_PAGE = HEADER_BYTES + 255 + 255 * 255;
/** Granule position of a page on which no packet ends. */
const NONE = 0xffff_ffff_ffff_ffffn;

/**
 * Takes an Ogg file, pushed in pieces of any size, apart into pages, and checks each of them. Holds one page.
 */
export class OggPageReader {
  readonly #page: Uint8Array = new Uint8Array(LONGEST_PAGE);
  #filled = 0;
  #offset = 0;

  /** Bytes of a page that is not whole yet. */
  get pending(): number {
    return this.#filled;
  }

  /** Where the next page begins, or the incomplete one. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Hands every page that is whole now to `take`.
   * @throws OnRecordError `integrity-failed` for bytes that belong to no page, and for a page whose checksum is wrong.
   */
  push(bytes: Uint8Array, take: (page: OggPage) => void): void {
    for (let at = 0; at < bytes.length; ) {
      const wanted = this.#wanted();
      const piece = bytes.subarray(at, at + wanted - this.#filled);
      this.#page.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled < wanted) break;
      if (wanted === HEADER_BYTES) this.#checkHeader();
      if (this.#filled === this.#wanted()) this.#finish(take);
    }
  }

  /** How many bytes of the page must be there to know more. */
  #wanted(): number {
    if (this.#filled < HEADER_BYTES) return HEADER_BYTES;
    const table = HEADER_BYTES + (this.#page[26] ?? 0);
    if (this.#filled < table) return table;
    return this.#page.subarray(HEADER_BYTES, table).reduce((sum, lacing) => sum + lacing, table);
  }

  /** Whether the bytes of a page that is not whole yet are those of a page. */
  get looksLikeOgg(): boolean {
    return [...'OggS'].every((letter, index) => index >= this.#filled || this.#page[index] === letter.charCodeAt(0));
  }

  /** @throws OnRecordError as {@link push} does; also for the first bytes of a page that never became whole. */
  checkBeginning(): void {
    if (this.looksLikeOgg) return;
    throw unreadableOgg(
      this.#offset === 0 ? 'it does not begin with an Ogg page' : 'bytes follow that are no Ogg page',
      this.#offset,
    );
  }

  #checkHeader(): void {
    this.checkBeginning();
    const version = this.#page[4];
    if (version !== 0) throw unreadableOgg(`a page of version ${version}`, this.#offset);
  }

  #finish(take: (page: OggPage) => void): void {
    const page = this.#page.subarray(0, this.#filled);
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    if (view.getUint32(22, true) !== oggCrc(page)) {
      throw unreadableOgg('the checksum of a page is wrong', this.#offset);
    }
    const granule = view.getBigUint64(6, true);
    const flags = view.getUint8(5);
    const table = HEADER_BYTES + view.getUint8(26);
    take({
      offset: this.#offset,
      continued: (flags & 1) !== 0,
      first: (flags & 2) !== 0,
      last: (flags & 4) !== 0,
      granule: granule === NONE ? undefined : granule,
      serial: view.getUint32(14, true),
      sequence: view.getUint32(18, true),
      lacing: page.subarray(HEADER_BYTES, table),
      body: page.subarray(table),
    });
    this.#offset += this.#filled;
    this.#filled = 0;
  }
}
