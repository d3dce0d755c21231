/** Seconds from the epoch of MP4 files, 1904, to that of Unix. */
const epoch1904 = 2_082_844_800;

/**
 * One fragmented MP4 file of several, whose times follow each other: the beginning of the first, then the fragments of
 * all, numbered through. What a muxer remembers of a file grows with its length; of this one it is forgotten piece by
 * piece. The file is dated to when its recording began and not to when it was written, so the same fragments give the
 * same bytes.
 */
export class FragmentedFile {
  readonly #created: number;
  #begun = false;
  #fragments = 0;

  /** @param startMs when the recording began: epoch milliseconds. */
  constructor(startMs: number) {
    this.#created = Math.floor(startMs / 1_000) + epoch1904;
  }

  /** What of a whole fragmented file belongs into this one. Changes `file`. */
  *append(file: Uint8Array): Generator<Uint8Array> {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    for (const { type, at, from, end } of boxes(file, 0, file.length)) {
      if (type === 'moov' && !this.#begun) date(file, from, end, this.#created);
      // `moof` begins with `mfhd`, which holds the number of the fragment (8.8.5).
      if (type === 'moof') view.setUint32(from + 12, ++this.#fragments);
      const isBeginning = type === 'ftyp' || type === 'moov';
      if (isBeginning ? !this.#begun : type === 'moof' || type === 'mdat') yield file.subarray(at, end);
      if (type === 'moov') this.#begun = true;
    }
  }
}

function date(bytes: Uint8Array, from: number, to: number, time: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const box of boxes(bytes, from, to)) {
    if (box.type === 'trak' || box.type === 'mdia') date(bytes, box.from, box.end, time);
    if (box.type !== 'mvhd' && box.type !== 'tkhd' && box.type !== 'mdhd') continue;
    // Version and flags, then the times of creation and modification, of 32 or 64 bits.
    const wide = bytes[box.from] === 1;
    for (const index of [0, 1]) {
      if (wide) view.setBigUint64(box.from + 4 + 8 * index, BigInt(time));
      else view.setUint32(box.from + 4 + 4 * index, time);
    }
  }
}

interface Box {
  readonly type: string;
  readonly at: number;
  /** Where its content begins. */
  readonly from: number;
  readonly end: number;
}

function* boxes(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (size < 8) return;
    yield { type, at, from: at + 8, end: at + size };
    at += size;
  }
}
