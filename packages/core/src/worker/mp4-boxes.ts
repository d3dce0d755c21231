/** Boxes of an ISO base media file (ISO/IEC 14496-12), each without its header of eight bytes. */
export function children(box: Uint8Array, type: string): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let offset = 0; offset + 8 <= box.length; ) {
    const size = new DataView(box.buffer, box.byteOffset + offset, 8).getUint32(0);
    if (size < 8 || offset + size > box.length) break;
    if (text(box, offset + 4) === type) found.push(box.subarray(offset + 8, offset + size));
    offset += size;
  }
  return found;
}

/** The first box at the end of a path of types. */
export function path(box: Uint8Array, ...types: readonly string[]): Uint8Array | undefined {
  return types.reduce<Uint8Array | undefined>((inner, type) => inner && children(inner, type)[0], box);
}

/** The four characters of a type. */
export function text(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
