/** RFC 3533 section 6: generator 0x04C11DB7, nothing reflected, initial and final value 0. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value >>> 0;
});

const SERIAL = 1;
/** A second of packets: far below the 255 segments of a page. */
const PACKETS_PER_PAGE = 50;

export interface OggSource {
  readonly head: Uint8Array;
  readonly packets: readonly Uint8Array[];
  /** Frames of each packet, in the codec's clock. */
  readonly packetFrames: number;
  /** Granule position of the last page: what lies beyond it is cut off. */
  readonly lastGranule: number;
}

/** A whole Ogg Opus file (RFC 7845): head, tags, and the packets, a second on each page. */
export function oggFile({ head, packets, packetFrames, lastGranule }: OggSource): Uint8Array {
  const tags = Buffer.from('OpusTags\u0009\0\0\0simulator\0\0\0\0', 'latin1');
  const pages = [
    page({ packets: [head], granule: 0, sequence: 0, flags: 2 }),
    page({ packets: [tags], granule: 0, sequence: 1, flags: 0 }),
  ];
  for (let from = 0; from < packets.length; from += PACKETS_PER_PAGE) {
    const last = from + PACKETS_PER_PAGE >= packets.length;
    pages.push(
      page({
        packets: packets.slice(from, from + PACKETS_PER_PAGE),
        granule: last ? lastGranule : (from + PACKETS_PER_PAGE) * packetFrames,
        sequence: pages.length,
        flags: last ? 4 : 0,
      }),
    );
  }
  return Buffer.concat(pages);
}

function page(source: {
  readonly packets: readonly Uint8Array[];
  readonly granule: number;
  readonly sequence: number;
  readonly flags: number;
}): Uint8Array {
  const lacing = source.packets.flatMap(({ length }) => [
    ...Array.from({ length: Math.floor(length / 255) }, () => 255),
    length % 255,
  ]);
  const bytes = Buffer.concat([Buffer.alloc(27 + lacing.length), ...source.packets]);
  bytes.write('OggS', 'latin1');
  bytes.writeUInt8(source.flags, 5);
  bytes.writeBigUInt64LE(BigInt(Math.round(source.granule)), 6);
  bytes.writeUInt32LE(SERIAL, 14);
  bytes.writeUInt32LE(source.sequence, 18);
  bytes.writeUInt8(lacing.length, 26);
  bytes.set(lacing, 27);
  bytes.writeUInt32LE(crc(bytes), 22);
  return bytes;
}

function crc(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = (value << 8) ^ (CRC_TABLE[((value >>> 24) ^ byte) & 0xff] ?? 0);
  return value >>> 0;
}
