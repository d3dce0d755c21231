import type { Clock } from '@onrecord/core';
import { held } from '../../clock/held.ts';
import { sendToLoopback } from '../events/post.ts';
import { RECORDING_RATE } from '../media/captured-audio.ts';
import { promptSound } from './prompt-sound.ts';

/** One thing to play, as a checked play request names it. */
export type PromptSource = (
  | { readonly kind: 'file'; readonly url: string }
  | { readonly kind: 'text' | 'ssml'; readonly text: string }
) & {
  /** Under which the service keeps the sound for an hour; what is behind the URL meanwhile is not heard. */
  readonly cacheId?: string | undefined;
};

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

/** How long a sound is kept under its `playSourceCacheId`, ms. Source: how-to "play action". */
const CACHE_MS = 3_600_000;

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
  readonly #cache = new Map<string, { readonly sound: Int16Array; readonly until: number }>();

  constructor(options: PromptOptions, clock: Clock, signal: AbortSignal, ca: string | undefined) {
    this.#options = options;
    this.#clock = clock;
    this.#signal = signal;
    this.#ca = ca;
  }

  async load(source: PromptSource): Promise<Int16Array | PlayFailure> {
    const { cacheId } = source;
    const now = this.#clock.monotonic();
    const kept = cacheId === undefined ? undefined : this.#cache.get(cacheId);
    if (kept && now < kept.until) return kept.sound;
    const sound = await this.#sound(source);
    if (cacheId !== undefined && sound instanceof Int16Array)
      this.#cache.set(cacheId, { sound, until: now + CACHE_MS });
    return sound;
  }

  async #sound(source: PromptSource): Promise<Int16Array | PlayFailure> {
    if (source.kind !== 'file') {
      const text = source.kind === 'ssml' ? source.text.replaceAll(/<[^>]*>/g, ' ').trim() : source.text;
      return (this.#options.speak ?? murmur)(text);
    }
    const bytes = await held(this.#clock, this.#fetch(source.url));
    if (!bytes) return PLAY_FAILURES.noFile;
    return (await held(this.#clock, promptSound(bytes))) ?? PLAY_FAILURES.invalidFile;
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
