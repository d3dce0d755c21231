import { type AudioSource, mix, silence, tone, VOICE_RATE } from '../../call/virtual-call.ts';

const LOW = [697, 770, 852, 941] as const;
const HIGH = [1209, 1336, 1477, 1633] as const;
const KEYS = ['123A', '456B', '789C', '*0#D'] as const;

/** The two frequencies of a telephone key in Hz (ITU-T Q.23). @throws Error for a sign that is no key. */
export function keyFrequencies(key: string): readonly [lowHz: number, highHz: number] {
  for (const [row, keys] of KEYS.entries()) {
    const column = keys.indexOf(key.toUpperCase());
    const low = LOW[row];
    const high = HIGH[column];
    if (key.length === 1 && low !== undefined && high !== undefined) return [low, high];
  }
  throw new Error(`"${key}" is no telephone key; there are 0-9, *, # and A-D`);
}

/** The dual tone of one key for `durationMs`, then silence. */
export function keyTone(key: string, durationMs: number, amplitude = 0.2): AudioSource {
  const [low, high] = keyFrequencies(key);
  const sound = mix(tone(low, amplitude), tone(high, amplitude));
  const end = Math.round((durationMs * VOICE_RATE) / 1000);
  return (index) => (index < end ? sound(index) : silence(index));
}
