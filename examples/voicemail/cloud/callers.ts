import { type AudioSource, clip, tone, VOICE_RATE } from '@onrecord/simulator';

export const OFFICE_NUMBER = '+15550199';
/** The greeting is a tone, two seconds long. */
export const GREETING_HZ = 620;
export const GREETING_MS = 2_000;

/** Somebody who calls, and speaks half a second after the greeting. */
export interface Caller {
  readonly number: string;
  /** Their voice is a tone of its own. */
  readonly hertz: number;
  readonly talkMs: number;
  /** Half a second after their last word. @default they are silent, or talk for too long */
  readonly ends?: 'press #' | 'hang up' | undefined;
}

export const CALLERS: readonly Caller[] = [
  { number: '+15550101', hertz: 440, talkMs: 6_000, ends: 'press #' },
  { number: '+15550102', hertz: 520, talkMs: 4_000 },
  { number: '+15550103', hertz: 350, talkMs: 3_000, ends: 'hang up' },
  { number: '+15550104', hertz: 300, talkMs: 60_000 },
];

/** From the answer to the caller's first word, ms. */
export const FIRST_WORD_MS: number = GREETING_MS + 500;

export function voiceOf({ hertz, talkMs }: Caller): AudioSource {
  return clip(samples(hertz, talkMs), FIRST_WORD_MS);
}

export function samples(hertz: number, ms: number): Int16Array {
  const sound = tone(hertz);
  return Int16Array.from({ length: (ms * VOICE_RATE) / 1_000 }, (_, index) => sound(index));
}
