import type { Clock } from '@onrecord/core';
import { readWav } from '@onrecord/core/media';
import { held } from '../../clock/held.ts';
import { sendToLoopback } from '../events/post.ts';
import { RECORDING_RATE } from '../media/captured-audio.ts';

/** One thing to play, as a checked play request names it. */
export type PromptSource =
  | { readonly kind: 'file'; readonly url: string }
  | { readonly kind: 'text' | 'ssml'; readonly text: string };

/** Why a prompt was not played; the `resultInformation` of `PlayFailed`. Codes: how-to "play action". */
export interface PlayFailure {
  readonly code: number;
  readonly subCode: number;
  readonly message: string;
}

export const PLAY_FAILURES: Readonly<Record<'invalidFile' | 'noFile' | 'noSpeech', PlayFailure>> = {
  invalidFile: { code: 400, subCode: 8535, message: 'Action failed, file format is invalid.' },
  noFile: { code: 400, subCode: 8536, message: 'Action failed, file could not be downloaded.' },
  noSpeech: { code: 400, subCode: 8565, message: 'Action failed, cognitive services error.' },
};

export interface PromptOptions {
  /** Audio files by URL, served without a request. Other URLs are fetched from this machine. */
  readonly files?: Readonly<Record<string, Uint8Array>> | undefined;
  /**
   * Speaks a text: samples at 16 kHz. @default a tone of 300 Hz, 60 ms for each character, at least half a second:
   * nothing is synthesised
   */
  readonly speak?: ((text: string) => Int16Array) | undefined;
}

/** Samples of a tone that stands for a spoken text. */
function murmur(text: string): Int16Array {
  const length = Math.max(0.5, text.length * 0.06) * RECORDING_RATE;
  const step = (2 * Math.PI * 300) / RECORDING_RATE;
  return Int16Array.from({ length }, (_, index) => Math.round(Math.sin(step * index) * 8_000));
}

/** Gets the sound of a prompt, at 16 kHz, or says why it cannot be played. */
export class PromptLoader {
  readonly #options: PromptOptions;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #ca: string | undefined;

  constructor(options: PromptOptions, clock: Clock, signal: AbortSignal, ca: string | undefined) {
    this.#options = options;
    this.#clock = clock;
    this.#signal = signal;
    this.#ca = ca;
  }

  async load(source: PromptSource): Promise<Int16Array | PlayFailure> {
    if (source.kind === 'file') return decoded(await held(this.#clock, this.#fetch(source.url)));
    const text = source.kind === 'ssml' ? source.text.replaceAll(/<[^>]*>/g, ' ').trim() : source.text;
    return (this.#options.speak ?? murmur)(text);
  }

  async #fetch(url: string): Promise<Uint8Array | undefined> {
    const { files = {} } = this.#options;
    if (Object.hasOwn(files, url)) return files[url];
    try {
      const limits = { clock: this.#clock, signal: this.#signal, ca: this.#ca };
      const { status, body } = await sendToLoopback({ method: 'GET', url, headers: {} }, limits);
      return status === 200 ? body : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Only WAV, mono, 16 kHz, 16 bit is decoded; the MP3 that the service takes as well is refused. */
function decoded(bytes: Uint8Array | undefined): Int16Array | PlayFailure {
  if (!bytes) return PLAY_FAILURES.noFile;
  try {
    const { channels, sampleRate } = readWav(bytes);
    const [samples] = channels;
    if (samples && channels.length === 1 && sampleRate === RECORDING_RATE) return samples;
  } catch {
    // Not a WAV file: the answer below says so.
  }
  return PLAY_FAILURES.invalidFile;
}
