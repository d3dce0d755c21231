import { oggCrc } from '../ogg-crc.ts';

/** A page to be written; what is left out is what a writer would put there. */
export interface PageSource {
  readonly packets: readonly Uint8Array[];
  readonly granule?: bigint;
  readonly serial?: number;
  readonly sequence?: number;
  readonly first?: boolean;
  readonly last?: boolean;
  readonly continued?: boolean;
  /** The last packet goes on, on the next page: it must be a multiple of 255 bytes long. */
  readonly open?: boolean;
}

/** One Ogg page, by RFC 3533 section 6. */
export function oggPage(source: PageSource): Uint8Array {
  const { packets, granule = 0n, serial = 7, sequence = 0 } = source;
  const lacing = packets.flatMap((packet, index) => {
    const full = Array.from({ length: Math.floor(packet.length / 255) }, () => 255);
    return source.open && index === packets.length - 1 ? full : [...full, packet.length % 255];
  });
  if (lacing.length > 255) throw new Error('these packets do not fit one page');
  const page = new Uint8Array(27 + lacing.length + packets.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(page.buffer);
  page.set(Buffer.from('OggS'));
  view.setUint8(5, (source.continued ? 1 : 0) | (source.first ? 2 : 0) | (source.last ? 4 : 0));
  view.setBigUint64(6, granule, true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  view.setUint8(26, lacing.length);
  page.set(lacing, 27);
  let at = 27 + lacing.length;
  for (const packet of packets) {
    page.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, oggCrc(page), true);
  return page;
}

export interface OpusSource {
  readonly channels: number;
  readonly preSkip: number;
  readonly inputSampleRate: number;
  /** Granule position at which the capture began. */
  readonly start: bigint;
  /** Packets on each page, in frames of 20 ms; `bytes` of payload in each packet. */
  readonly pages: readonly { readonly frames: readonly number[]; readonly bytes: number }[];
  /** Samples at 48 kHz that the last page cuts off. */
  readonly trim: number;
  readonly ended: boolean;
}

/** An OpusHead (RFC 7845 section 5.1) with one stream and no mapping table. */
export function opusHead({
  channels,
  preSkip,
  inputSampleRate,
}: Pick<OpusSource, 'channels' | 'preSkip' | 'inputSampleRate'>): Uint8Array {
  const head = new Uint8Array(19);
  const view = new DataView(head.buffer);
  head.set(Buffer.from('OpusHead'));
  view.setUint8(8, 1);
  view.setUint8(9, channels);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, inputSampleRate, true);
  return head;
}

export const opusTags: Uint8Array = Buffer.from('OpusTags\u0004\0\0\0test\0\0\0\0', 'latin1');

/** Opus packet of some frames of 20 ms (SILK, narrowband, code 3); only its table of contents means anything. */
export function opusPacket(frames: number, bytes: number): Uint8Array {
  const packet = new Uint8Array(2 + bytes).fill(0x55);
  packet[0] = (1 << 3) | 3;
  packet[1] = frames;
  return packet;
}

/** The pages of an Ogg Opus file, in order. */
export function opusPages(source: OpusSource): readonly Uint8Array[] {
  const pages = [
    oggPage({ packets: [opusHead(source)], first: true }),
    oggPage({ packets: [opusTags], sequence: 1, last: source.ended && source.pages.length === 0 }),
  ];
  let granule = source.start;
  for (const [index, { frames, bytes }] of source.pages.entries()) {
    granule += BigInt(frames.reduce((sum, count) => sum + count * 960, 0));
    const isLast = index === source.pages.length - 1;
    pages.push(
      oggPage({
        packets: frames.map((count) => opusPacket(count, bytes)),
        granule: isLast && source.ended ? granule - BigInt(source.trim) : granule,
        sequence: index + 2,
        last: isLast && source.ended,
      }),
    );
  }
  return pages;
}
