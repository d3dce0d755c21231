import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeAudio, VOICE_RATE } from '@onrecord/simulator';
import { resampled } from '../speech/resample.ts';
import { MatchedFilter } from './matched-filter.ts';

/** A media file as it lies on disk, taken apart for measuring. */
export interface RecordedFile {
  readonly path: string;
  readonly partId: string;
  readonly bytes: number;
  readonly sha256: string;
  /** As decoded, not as anybody states it. */
  readonly durationMs: number;
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: readonly RecordedChannel[];
}

export interface RecordedChannel {
  /** At {@link VOICE_RATE}, whatever rate the file has. */
  readonly samples: Int16Array;
  readonly filter: MatchedFilter;
}

/** @throws OnRecordError when the file is damaged. */
export async function readRecordedFile(path: string, container: string, partId: string): Promise<RecordedFile> {
  const bytes = await readFile(path);
  const { channels, sampleRate, durationMs, codec } = await decodeAudio(bytes, container);
  return {
    path,
    partId,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    durationMs,
    codec,
    sampleRate,
    channels: channels.map((original) => {
      const samples = resampled(original, sampleRate, VOICE_RATE);
      return { samples, filter: new MatchedFilter(samples) };
    }),
  };
}
