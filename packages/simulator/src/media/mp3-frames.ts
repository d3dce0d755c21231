/** Kilobits a second by the header's index, Layer III (ISO 11172-3 and 13818-3). */
const KILOBITS_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KILOBITS_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** Hz by the version's two bits; version 1 has bits 3, version 2 has 2, version 2.5 has 0. */
const RATES = [[11_025, 12_000, 8_000], [], [22_050, 24_000, 16_000], [44_100, 48_000, 32_000]];

/** What the frame headers of an MP3 file say. */
export interface Mp3Frames {
  readonly count: number;
  readonly channelCount: 1 | 2;
  /** Bytes behind the last whole frame. */
  readonly rest: number;
}

/** Walks from header to header; a file that breaks off ends with a part of a frame. */
export function mp3Frames(bytes: Uint8Array): Mp3Frames {
  let at = 0;
  let count = 0;
  let channelCount: 1 | 2 = 1;
  while (at + 4 <= bytes.length) {
    const frame = frameAt(bytes, at);
    if (!frame || at + frame.bytes > bytes.length) break;
    channelCount = frame.channelCount;
    at += frame.bytes;
    count += 1;
  }
  return { count, channelCount, rest: bytes.length - at };
}

function frameAt(bytes: Uint8Array, at: number): { readonly bytes: number; readonly channelCount: 1 | 2 } | undefined {
  const [sync = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4);
  const version = (second >> 3) & 3;
  const layerThree = ((second >> 1) & 3) === 1;
  if (sync !== 0xff || second >> 5 !== 7 || !layerThree) return undefined;
  const kilobits = (version === 3 ? KILOBITS_1 : KILOBITS_2)[third >> 4] ?? 0;
  const rate = RATES[version]?.[(third >> 2) & 3];
  if (kilobits === 0 || rate === undefined) return undefined;
  const length = Math.floor(((version === 3 ? 144_000 : 72_000) * kilobits) / rate) + ((third >> 1) & 1);
  return { bytes: length, channelCount: fourth >> 6 === 3 ? 1 : 2 };
}
