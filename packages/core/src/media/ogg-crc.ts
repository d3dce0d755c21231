/** RFC 3533 section 6: generator 0x04C11DB7, nothing reflected, initial and final value 0. */
const GENERATOR = 0x04c1_1db7;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000_0000 ? (value << 1) ^ GENERATOR : value << 1;
  return value >>> 0;
});

/** The checksum of an Ogg page, whose own checksum field counts as zero. */
export function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = index >= 22 && index < 26 ? 0 : (bytes[index] ?? 0);
    crc = (crc << 8) ^ (table[((crc >>> 24) ^ byte) & 0xff] ?? 0);
  }
  return crc >>> 0;
}
