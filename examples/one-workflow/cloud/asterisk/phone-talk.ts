import { systemClock } from '@onrecord/core';
import type { RtpPhone } from '../../../../packages/adapter-asterisk/src/testing/phones/index.ts';
import { type Speaker, type Turn, turnMs } from '../../speech/script.ts';
import type { SpokenTurn, Talk } from '../conversation.ts';

/** Length of a packet, in ms: what is in it is on the line once the server has taken the whole of it. */
const PACKET_MS = 20;
/** Until all of it has reached the other phone and the recording, in ms. */
const HEARD_MS = 100;

/** Two people at real telephones: what they say goes out as RTP, and counts from when its first packet went. */
export class PhoneTalk implements Talk {
  readonly #phones: Partial<Record<Speaker, RtpPhone>> = {};
  readonly #spoken: SpokenTurn[] = [];

  get spoken(): readonly SpokenTurn[] {
    return [...this.#spoken];
  }

  /** Puts a person on the line. */
  join(speaker: Speaker, phone: RtpPhone): void {
    this.#phones[speaker] = phone;
  }

  async say(turn: Turn, signal: AbortSignal): Promise<SpokenTurn> {
    await systemClock.delay(turn.gapMs, { signal });
    const sentAt = await this.#phones[turn.speaker]?.play(turn.samples);
    if (sentAt === undefined) throw new Error(`The ${turn.speaker} is not on the line.`);
    const startedAt = sentAt + PACKET_MS;
    const spoken: SpokenTurn = { ...turn, startedAt, endedAt: startedAt + turnMs(turn) };
    this.#spoken.push(spoken);
    // The last packet was sent: it is heard for as long as it lasts, and somewhat later.
    await systemClock.delay(Math.max(0, spoken.endedAt + HEARD_MS - systemClock.now()), { signal });
    return spoken;
  }
}
