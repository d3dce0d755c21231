/** Opus always counts at this rate, whatever was recorded (RFC 7845 section 4). */
export const OPUS_RATE = 48_000;

/** Samples of one frame at 48 kHz, by the four lengths of each mode (RFC 6716 table 2). */
const SILK = [480, 960, 1920, 2880] as const;
const HYBRID = [480, 960] as const;
const CELT = [120, 240, 480, 960] as const;

/** Samples at 48 kHz that an Opus packet decodes to, by its first two bytes (RFC 6716 section 3.1); 0 for no packet. */
export function opusSamples(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const config = toc >>> 3;
  const length = config < 12 ? SILK[config & 3] : config < 16 ? HYBRID[config & 1] : CELT[config & 3];
  const code = toc & 3;
  const frames = code === 3 ? (packet[1] ?? 0) & 0x3f : code === 0 ? 1 : 2;
  return (length ?? 0) * frames;
}
