import { wavBytes } from '../../media/index.ts';

/** A sine of 440 Hz at 8 kHz, as a sound file. */
export function toneWav(ms: number): Uint8Array {
  const samples = Int16Array.from(
    { length: ms * 8 },
    (_, index) => 8_000 * Math.sin((2 * Math.PI * 440 * index) / 8_000),
  );
  return wavBytes({ sampleRate: 8_000, channels: [samples] });
}

/**
 * The same as a recorder leaves it that is killed: Asterisk writes a header whose sizes are zero, puts samples behind it
 * and fills in the sizes when it closes the file.
 */
export function brokenWav(ms: number): Uint8Array {
  return toneWav(ms).fill(0, 4, 8).fill(0, 40, 44);
}
