import type { VirtualCall } from '../../call/virtual-call.ts';
import type { CallEngine } from './call-engine.ts';
import type { ParticipantTag } from './sma-event.ts';

/** A leg as a test sees it. */
export interface SmaLeg {
  readonly callId: string;
  readonly tag: ParticipantTag;
  readonly status: 'Ringing' | 'Connected' | 'Disconnected';
  /** The participant of the virtual call at the far end. */
  readonly voice: string;
  /** Whether a recording of the leg was ever begun; a leg has one at most. */
  readonly recorded: boolean;
}

export interface PressOptions {
  /** Who presses. @default 'LEG-A' */
  readonly leg?: ParticipantTag | undefined;
  /** How long each tone sounds, in ms. @default 100 */
  readonly toneMs?: number | undefined;
  /** Silence between two keys, in ms. @default 100 */
  readonly gapMs?: number | undefined;
}

/** What the people on a call can do, and what can be seen of it from outside. */
export class SmaCall {
  readonly #engine: CallEngine;

  constructor(engine: CallEngine) {
    this.#engine = engine;
  }

  get transactionId(): string {
    return this.#engine.transactionId;
  }

  get call(): VirtualCall {
    return this.#engine.call;
  }

  get legs(): readonly SmaLeg[] {
    return this.#engine.legs.map(({ callId, tag, status, voice, recording }) => ({
      callId,
      tag,
      status,
      voice,
      recorded: recording !== undefined,
    }));
  }

  /** Resolves when no leg is left and the Lambda function has answered every event. */
  get ended(): Promise<void> {
    return this.#engine.ended;
  }

  /** Resolves when no event is being sent or waits to be. */
  settled(): Promise<void> {
    return this.#engine.settled();
  }

  /**
   * A participant presses keys, one after the other; each is audible and counts when its tone has ended. Resolves after
   * the last.
   * @throws Error for a sign that is no telephone key, and where the leg is not connected.
   */
  async press(keys: string, options: PressOptions = {}): Promise<void> {
    const tag = options.leg ?? 'LEG-A';
    const { toneMs = 100, gapMs = 100 } = options;
    for (const [index, key] of [...keys].entries()) {
      if (index > 0) await this.call.clock.delay(gapMs);
      const leg = this.#engine.liveLegs.find((one) => one.tag === tag);
      if (leg?.status !== 'Connected') throw new Error(`${tag} is not connected, so nobody can press ${key}`);
      await leg.press(key, toneMs);
    }
  }

  /** A participant hangs up; the other leg stays. Does nothing where the leg is gone. */
  hangUp(tag: ParticipantTag = 'LEG-A'): void {
    const leg = this.#engine.liveLegs.find((one) => one.tag === tag);
    if (leg) this.#engine.hangUp(leg);
  }
}
