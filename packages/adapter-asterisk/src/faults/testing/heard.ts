import { readFile } from 'node:fs/promises';
import type { Artifact } from '@onrecord/core';
import { readWav, toneLevel } from '@onrecord/core/media';

/** A tone of a phone lies far above this, and nothing else does. */
const audibleDbfs = -35;

export interface Heard {
  readonly bytes: number;
  readonly ms: number;
  /** Whether the file is whole by its own header. */
  readonly integrity: string;
  /** Which of the tones sound, window after window, repetitions left out: `440+1000`, `440`, `-`. */
  readonly tones: readonly string[];
  /** Milliseconds for which exactly these sound. */
  msOf(tones: string): number;
}

/** Measures a WAV file where an artifact lies. */
export async function heard(
  { location }: Pick<Artifact, 'location'>,
  tones: readonly number[],
  windowMs = 100,
): Promise<Heard> {
  const bytes = await readFile(new URL(location));
  const wav = readWav(bytes);
  const [samples = new Int16Array()] = wav.channels;
  const length = (windowMs * wav.sampleRate) / 1_000;
  const windows: string[] = [];
  for (let at = 0; at + length <= samples.length; at += length) {
    const window = samples.subarray(at, at + length);
    const sounding = tones.filter((tone) => toneLevel(window, wav.sampleRate, tone) > audibleDbfs);
    windows.push(sounding.join('+') || '-');
  }
  return {
    bytes: bytes.length,
    ms: Math.round((samples.length / wav.sampleRate) * 1_000),
    integrity: wav.integrity,
    tones: windows.filter((window, index) => window !== windows[index - 1]),
    msOf: (wanted) => windows.filter((window) => window === wanted).length * windowMs,
  };
}
