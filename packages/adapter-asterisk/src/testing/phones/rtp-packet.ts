/** One packet of RTP (RFC 3550) with µ-law audio: 12 bytes of header, no CSRC, no extension. */
export interface RtpHeader {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** The first packet after silence that was not sent. */
  readonly marker: boolean;
}

const HEADER_BYTES = 12;
const PCMU = 0;

/** The packet, its payload left for the caller to fill. */
export function rtpPacket(
  header: RtpHeader,
  payloadBytes: number,
): { readonly packet: Buffer; readonly payload: Buffer } {
  const packet = Buffer.alloc(HEADER_BYTES + payloadBytes);
  packet[0] = 0x80;
  packet[1] = (header.marker ? 0x80 : 0) | PCMU;
  packet.writeUInt16BE(header.sequence & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc >>> 0, 8);
  return { packet, payload: packet.subarray(HEADER_BYTES) };
}

/** The µ-law bytes of a packet; undefined for anything else. */
export function muLawPayload(packet: Buffer): Buffer | undefined {
  const [first = 0, second = 0] = packet;
  if (packet.length <= HEADER_BYTES || first >> 6 !== 2 || (second & 0x7f) !== PCMU) return undefined;
  const extension = (first & 0x10) !== 0;
  const offset = HEADER_BYTES + 4 * (first & 0x0f);
  if (!extension) return packet.subarray(offset);
  if (packet.length < offset + 4) return undefined;
  return packet.subarray(offset + 4 + 4 * packet.readUInt16BE(offset + 2));
}
