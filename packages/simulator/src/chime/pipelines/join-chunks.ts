import { OnRecordError } from '@onrecord/core';
import { VOICE_RATE } from '../../call/virtual-call.ts';
import { decodeMp4Audio, encodeMp4Audio, encodeMp4Repeated, encodeMp4Video, mp4Duration } from '../../media/index.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';

/** Chunks are the same bytes where media is repeated: each is measured once. */
const durations = new WeakMap<Uint8Array, Promise<number | undefined>>();

/** How the file that is made of chunks shall be. */
export interface JoinOptions {
  readonly sound: boolean;
  readonly picture: boolean;
  /** How much of the end is left out, in ms. */
  readonly shortByMs: number;
}

/** One MP4 file of the chunks that can be read; undefined when there are none. */
export async function joinChunks(
  chunks: readonly Uint8Array[],
  { sound, picture, shortByMs }: JoinOptions,
  { media }: ResolvedPipelineOptions,
): Promise<Uint8Array | undefined> {
  if (sound && media === 'rendered') return joinVoices(chunks, picture, shortByMs);
  let seconds = 0;
  for (const chunk of chunks) seconds += (await durationOf(chunk)) ?? 0;
  if (seconds === 0) return undefined;
  const length = Math.max(0.04, Math.round(seconds * 1_000 - shortByMs) / 1_000);
  return sound ? encodeMp4Repeated(length, { sound, picture }) : encodeMp4Video(length);
}

async function joinVoices(
  chunks: readonly Uint8Array[],
  picture: boolean,
  shortByMs: number,
): Promise<Uint8Array | undefined> {
  const pieces: Int16Array[] = [];
  for (const bytes of chunks) {
    const piece = await readableChunk(bytes);
    if (piece) pieces.push(piece);
  }
  if (pieces.length === 0) return undefined;
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  const kept = Math.max(1, samples.length - Math.round((shortByMs * VOICE_RATE) / 1_000));
  return encodeMp4Audio(samples.subarray(0, kept), VOICE_RATE, { picture });
}

async function readableChunk(bytes: Uint8Array): Promise<Int16Array | undefined> {
  try {
    return (await decodeMp4Audio(bytes)).channels[0];
  } catch (error) {
    if (error instanceof OnRecordError) return undefined;
    throw error;
  }
}

function durationOf(bytes: Uint8Array): Promise<number | undefined> {
  const known = durations.get(bytes) ?? mp4Duration(bytes);
  durations.set(bytes, known);
  return known;
}
