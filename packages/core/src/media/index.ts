export type { OggFormat } from './ogg-codec.ts';
export type { OggIntegrity, OggSummary } from './ogg-parser.ts';
export * from './ogg-reader.ts';
export { bytesFromSamples, deinterleave, FULL_SCALE, interleave, samplesFromBytes } from './pcm.ts';
export * from './tone.ts';
export type { WavFormat, WavIntegrity, WavSummary } from './wav-format.ts';
export * from './wav-reader.ts';
export * from './wav-writer.ts';
