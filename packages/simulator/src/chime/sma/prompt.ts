import { readWav } from '@onrecord/core/media';
import { type AudioSource, clip, VOICE_RATE } from '../../call/virtual-call.ts';
import type { CallEngine } from './call-engine.ts';

/** Something that the application says to a leg. */
export interface Prompt {
  readonly source: AudioSource;
  readonly durationMs: number;
}

/** Audio files are at most 50 MB. */
const MAX_AUDIO_BYTES = 50 * 1024 * 1024;

/**
 * The prompt of an `AudioSource` parameter; undefined where it is not a PCM WAV object of type `audio/wav` and at most
 * 50 MB, or its bucket does not let the service read it: the service does not tell these causes apart.
 */
export function recordedPrompt({ store, recordings }: CallEngine, audioSource: unknown): Prompt | undefined {
  const { Type, BucketName, Key } = (audioSource ?? {}) as Readonly<Record<string, unknown>>;
  if (Type !== 'S3' || typeof BucketName !== 'string' || typeof Key !== 'string') return undefined;
  if (!recordings.mayRead(BucketName)) return undefined;
  try {
    const object = store.get(BucketName, Key);
    if (object?.contentType !== 'audio/wav' || object.bytes.byteLength > MAX_AUDIO_BYTES) return undefined;
    const wav = readWav(object.bytes);
    if (wav.integrity === 'truncated') return undefined;
    const samples = telephoneVoice(wav.channels, wav.sampleRate);
    return { source: clip(samples), durationMs: (samples.length * 1000) / VOICE_RATE };
  } catch {
    return undefined;
  }
}

/** One channel at the rate of the call: channels averaged, nearest samples taken. */
function telephoneVoice(channels: readonly Int16Array[], sampleRate: number): Int16Array {
  const frames = channels[0]?.length ?? 0;
  const out = new Int16Array(Math.floor((frames * VOICE_RATE) / sampleRate));
  for (let index = 0; index < out.length; index++) {
    const frame = Math.floor((index * sampleRate) / VOICE_RATE);
    const sum = channels.reduce((total, samples) => total + (samples[frame] ?? 0), 0);
    out[index] = Math.round(sum / channels.length);
  }
  return out;
}
