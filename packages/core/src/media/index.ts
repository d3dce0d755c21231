export type { OggFormat } from './ogg-codec.ts';
export type { OggIntegrity, OggSummary } from './ogg-parser.ts';
export * from './ogg-reader.ts';
export { bytesFromSamples, deinterleave, FULL_SCALE, interleave, samplesFromBytes } from './pcm.ts';
export * from './tone.ts';
export type { WavFormat, WavIntegrity, WavSummary } from './wav-format.ts';
export * from './wav-reader.ts';
export { diagnoseWav, type RepairedWav, repairWav, type WavDiagnosis } from './wav-repair.ts';
export { WAV_HEADER_BYTES, type WavSource, wavBytes, wavHeader, wavPieces } from './wav-writer.ts';
