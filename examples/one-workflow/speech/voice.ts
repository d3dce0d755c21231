import { readFile } from 'node:fs/promises';
import { OnRecordError } from '@onrecord/core';
import { readWav } from '@onrecord/core/media';
import { VOICE_RATE } from '@onrecord/simulator';
import { resampled } from './resample.ts';

/**
 * A spoken WAV file as a telephone carries it: one channel, 8 kHz.
 * @throws OnRecordError naming the file, when it is not there or no WAV file.
 */
export async function readVoice(path: string): Promise<Int16Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OnRecordError('not-found', `The voice ${path} cannot be read (${reason}).`, {
      remedy: 'Name a WAV file with 16-bit PCM.',
      cause: error,
    });
  }
  try {
    const { channels, sampleRate } = readWav(bytes);
    return resampled(mixedDown(channels), sampleRate, VOICE_RATE);
  } catch (error) {
    if (!OnRecordError.is(error)) throw error;
    throw new OnRecordError(error.code, `${path}: ${error.message}`, { context: error.context, cause: error });
  }
}

function mixedDown(channels: readonly Int16Array[]): Int16Array {
  const [first = new Int16Array(0)] = channels;
  if (channels.length === 1) return first;
  return first.map((_, index) => channels.reduce((sum, samples) => sum + samples[index]!, 0) / channels.length);
}
