export { decodeAudio } from './decode-audio.ts';
export { type DecodedAudio, decodeMp4Audio } from './decode-mp4.ts';
export { decodeOggAudio } from './decode-ogg.ts';
export { encodeMp4Audio, type Mp4Options } from './encode-mp4.ts';
export type { OpusOptions } from './opus.ts';
