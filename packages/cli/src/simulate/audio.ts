import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { readWav } from '@onrecord/core/media';
import { type AudioSource, clip, silence, tone, VOICE_RATE } from '@onrecord/simulator';
import { UsageError } from '../usage-error.ts';

/** What somebody says: a WAV file of the audio folder, a tone, or nothing. */
export type Voice = { readonly wav: string } | { readonly toneHz: number } | undefined;

/** A voice, and how long it has something to say; a tone and silence have no end. */
export interface OpenedVoice {
  readonly source: AudioSource;
  readonly durationMs?: number | undefined;
}

/**
 * @param folder where WAV files are; nothing outside it is read.
 * @throws UsageError for a name that leads outside; OnRecordError for a file that is no 16-bit PCM WAV; the error of
 * reading it.
 */
export async function openVoice(voice: Voice, folder: string): Promise<OpenedVoice> {
  if (voice === undefined) return { source: silence };
  if ('toneHz' in voice) return { source: tone(voice.toneHz) };
  const path = resolve(folder, voice.wav);
  const inside = relative(folder, path);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) {
    throw new UsageError(`${voice.wav} is not a file of the audio folder ${folder}.`);
  }
  return voiceOfWav(await readFile(path));
}

/** @throws OnRecordError `integrity-failed`, `unsupported` for what is no 16-bit PCM WAV. */
export function voiceOfWav(bytes: Uint8Array): OpenedVoice {
  const { channels, sampleRate, durationMs } = readWav(bytes);
  return { source: clip(atVoiceRate(mixed(channels), sampleRate)), durationMs };
}

function mixed(channels: readonly Int16Array[]): Int16Array {
  const [first = new Int16Array()] = channels;
  if (channels.length === 1) return first;
  return first.map((_, index) => channels.reduce((sum, channel) => sum + (channel[index] ?? 0), 0) / channels.length);
}

/** Each sample is the mean of those it replaces, or the nearest one: enough for a telephone's 8 kHz in a simulator. */
function atVoiceRate(samples: Int16Array, rate: number): Int16Array {
  if (rate === VOICE_RATE) return samples;
  const step = rate / VOICE_RATE;
  const out = new Int16Array(Math.floor(samples.length / step));
  for (let index = 0; index < out.length; index++) {
    const from = Math.floor(index * step);
    const to = Math.max(from + 1, Math.floor((index + 1) * step));
    let sum = 0;
    for (let at = from; at < to; at++) sum += samples[at] ?? 0;
    out[index] = Math.round(sum / (to - from));
  }
  return out;
}
