export { decodeAudio } from './decode-audio.ts';
export { decodeMp3Audio } from './decode-mp3.ts';
export { type DecodedAudio, decodeMp4Audio } from './decode-mp4.ts';
export { decodeOggAudio } from './decode-ogg.ts';
export { encodeMp3, type Mp3Options, type Mp3Rate } from './encode-mp3.ts';
export { encodeMp4Audio, encodeMp4Repeated, encodeMp4Video, type Mp4Options } from './encode-mp4.ts';
export { mp4Duration } from './mp4-duration.ts';
export type { OpusOptions } from './opus.ts';
