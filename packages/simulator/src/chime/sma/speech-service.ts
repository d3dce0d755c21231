import type { Clock } from '@onrecord/core';
import type { Prompt } from './prompt.ts';
import type { ActionError, ResolvedSmaOptions } from './sma-options.ts';

const NO_ROLE: ActionError = {
  type: 'AccessDenied',
  message: 'The `AWSServiceRoleForAmazonChimeVoiceConnector` service-linked role is not configured correctly.',
};
const THROTTLED: ActionError = {
  type: 'ActionExecutionThrottled',
  message: 'Amazon Polly is throttling the request to synthesize speech.',
};

/** Makes speech of text, for the role that may ask it and no faster than it allows. */
export class SpeechService {
  readonly #clock: Clock;
  readonly #options: ResolvedSmaOptions;
  #asked: readonly number[] = [];

  constructor(clock: Clock, options: ResolvedSmaOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  speak(text: string): Prompt | ActionError {
    const { speechRole, speechesPerSecond, speech, speechMsPerCharacter } = this.#options;
    if (speechRole === 'missing') return NO_ROLE;
    const now = this.#clock.monotonic();
    this.#asked = this.#asked.filter((at) => now - at < 1_000);
    if (this.#asked.length >= speechesPerSecond) return THROTTLED;
    this.#asked = [...this.#asked, now];
    return { source: speech(text), durationMs: text.length * speechMsPerCharacter };
  }
}
