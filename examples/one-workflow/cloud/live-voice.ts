import { type AudioSource, VOICE_RATE } from '@onrecord/simulator';

/** Words of a voice, and the sample of it with which they begin. */
interface Words {
  readonly first: number;
  readonly samples: Int16Array;
}

/** A voice whose words are decided while the call runs. What was said stays said: only the future can be added to. */
export class LiveVoice {
  readonly #words: Words[] = [];
  /** To be given to the participant of a call. */
  readonly source: AudioSource = (index) => this.#at(index);

  /** Says the samples (8 kHz), beginning so many milliseconds after the voice joined its call. */
  say(samples: Int16Array, atMs: number): void {
    this.#words.push({ first: Math.round((atMs * VOICE_RATE) / 1000), samples });
  }

  #at(index: number): number {
    for (const { first, samples } of this.#words) {
      if (index >= first && index < first + samples.length) return samples[index - first] ?? 0;
    }
    return 0;
  }
}
