import { systemClock } from '@onrecord/core';
import { type AudioSource, type Participant, VirtualCall } from '@onrecord/simulator';
import { type Speaker, speakers, type Turn, turnMs } from '../speech/script.ts';
import { LiveVoice } from './live-voice.ts';

/** A turn, and when it was said. */
export interface SpokenTurn extends Turn {
  /** Wall time of its first sample and of the end of its last, epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** People on telephones, each of whom says a turn when its moment has come. */
export interface Talk {
  /** What was said so far. */
  readonly spoken: readonly SpokenTurn[];
  /**
   * Says a turn, after its pause; resolves when it has been said.
   * @throws Error when the speaker is not on the line.
   */
  say(turn: Turn, signal: AbortSignal): Promise<SpokenTurn>;
}

/** From the decision to speak to the first sample, in ms, so that nothing is said in the past. */
const LEAD_MS = 40;

/** Two voices in a simulated call. */
export class Conversation implements Talk {
  readonly call: VirtualCall = new VirtualCall(systemClock);
  readonly #voices: Readonly<Record<Speaker, LiveVoice>> = { caller: new LiveVoice(), callee: new LiveVoice() };
  readonly #spoken: SpokenTurn[] = [];

  get spoken(): readonly SpokenTurn[] {
    return [...this.#spoken];
  }

  /** What a person says in the call. */
  voice(speaker: Speaker): AudioSource {
    return this.#voices[speaker].source;
  }

  /** Puts a person on the line. */
  join(speaker: Speaker, address: string): void {
    this.call.join({ name: speaker, address, source: this.voice(speaker) });
  }

  /** Whether everybody is on the line. */
  get complete(): boolean {
    return speakers.every((speaker) => this.#onLine(speaker) !== undefined);
  }

  async say(turn: Turn, signal: AbortSignal): Promise<SpokenTurn> {
    await systemClock.delay(turn.gapMs, { signal });
    const on = this.#onLine(turn.speaker);
    if (!on) throw new Error(`The ${turn.speaker} is not on the line.`);
    const startedAt = systemClock.now() + LEAD_MS;
    this.#voices[turn.speaker].say(turn.samples, startedAt - on.joinedAt);
    const spoken: SpokenTurn = { ...turn, startedAt, endedAt: startedAt + turnMs(turn) };
    this.#spoken.push(spoken);
    await systemClock.delay(Math.max(0, spoken.endedAt - systemClock.now()), { signal });
    return spoken;
  }

  #onLine(speaker: Speaker): Participant | undefined {
    return this.call.participants.find(({ name, leftAt }) => name === speaker && leftAt === undefined);
  }
}
