import { EncodedPacket, type EncodedVideoPacketSource } from 'mediabunny';

/**
 * A still picture as H.264, Constrained Baseline, 256 × 144: the head and shoulders of nobody, drawn and encoded for this
 * project with
 *
 * ```sh
 * ffmpeg -f lavfi -i "color=c=0x20304a:s=256x144:r=1:d=2,drawbox=x=104:y=32:w=48:h=48:color=0xd0d8e4:t=fill,\
 * drawbox=x=80:y=96:w=96:h=48:color=0xd0d8e4:t=fill" -pix_fmt yuv420p -c:v libx264 -profile:v baseline \
 * -preset veryslow -x264-params keyint=1:qp=30 -bsf:v filter_units=remove_types=6 still.h264
 * ```
 *
 * and taken apart into its NAL units: the two parameter sets, and the picture twice, since neighbouring IDR pictures
 * must differ in `idr_pic_id` (ITU-T H.264, 7.4.3).
 */
const sequenceParameterSet = bytesOf('Z0LAC9wQE7ARAAADAAEAAAMAAg8UK4A=');
const pictureParameterSet = bytesOf('aM4ESyA=');
const pictures = [
  bytesOf(
    'ZYiEPxGKAAIQccAAlHAGfvffffffffffffffN3rrrrrrrrrrrrrrrrrrrrrmwcAAQhQABBo4hOIqdb2uPD/8IzsjXXXXXXXXXXXXT09dPXXX' +
      'XXXXXXXXXT09dPXXXXXXXXXXXXa2tra11111111111zYoAAiVRwBjhnW9ra2trT111111111zPeuuuuunrrrrrrrrrp666666euuuvA=',
  ),
  bytesOf(
    'ZYiCD8RigACEHHAAJRwBn733333333333333zd6666666666666666666665sHAAEIUAAQaOITiKnW9rjw//CM7I11111111111109PXT111' +
      '11111111109PXT1111111111112tra2tddddddddddc2KAAIlUcAY4Z1va2tra09ddddddddcz3rrrrrp6666666666euuuuunrrrrw=',
  ),
] as const;

const decoderConfig = {
  codec: 'avc1.42c00b',
  codedWidth: 256,
  codedHeight: 144,
  description: avcConfiguration(),
} as const;

/** Fills a video track with the picture, once a second, so that a player finds it wherever it is told to begin. */
export async function addStillPicture(track: EncodedVideoPacketSource, durationSeconds: number): Promise<void> {
  for (let from = 0; from < durationSeconds; from++) {
    const picture = lengthPrefixed(pictures[from % 2 === 0 ? 0 : 1]);
    const shown = Math.min(1, durationSeconds - from);
    await track.add(new EncodedPacket(picture, 'key', from, shown), { decoderConfig });
  }
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1), NAL units with lengths of four bytes. */
function avcConfiguration(): Uint8Array {
  const [, profile = 0, compatibility = 0, level = 0] = sequenceParameterSet;
  return Uint8Array.from([
    ...[1, profile, compatibility, level, 0xff],
    ...[0xe1, 0, sequenceParameterSet.length, ...sequenceParameterSet],
    ...[1, 0, pictureParameterSet.length, ...pictureParameterSet],
  ]);
}

function lengthPrefixed(unit: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + unit.length);
  new DataView(out.buffer).setUint32(0, unit.length);
  out.set(unit, 4);
  return out;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}
