/** Seconds from the epoch of MP4 files, 1904, to that of Unix. */
const epoch1904 = 2_082_844_800;

/**
 * Dates an MP4 file, whose index stands at its beginning, to when its recording began. The muxing library dates it to the
 * moment of writing, and the same chunks would give other bytes each time.
 */
export function datedMp4(startMs: number): { push(piece: Uint8Array): Generator<Uint8Array> } {
  let pending: Uint8Array | undefined = new Uint8Array(0);
  return {
    *push(piece) {
      if (pending === undefined) {
        yield piece;
        return;
      }
      pending = Buffer.concat([pending, piece]);
      if (!dateMoov(pending, Math.floor(startMs / 1_000) + epoch1904)) return;
      yield pending;
      pending = undefined;
    },
  };
}

/** False while the index is not there as a whole. */
function dateMoov(bytes: Uint8Array, time: number): boolean {
  for (const box of boxes(bytes, 0, bytes.length)) {
    if (box.type !== 'moov') continue;
    if (box.end > bytes.length) return false;
    date(bytes, box.from, box.end, time);
    return true;
  }
  return false;
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

function* boxes(bytes: Uint8Array, from: number, to: number): Generator<{ type: string; from: number; end: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (size < 8) return;
    yield { type, from: at + 8, end: at + size };
    at += size;
  }
}
