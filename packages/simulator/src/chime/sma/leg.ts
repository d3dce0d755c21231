import { randomUUID } from 'node:crypto';
import type { AudioSource, VirtualCall } from '../../call/virtual-call.ts';
import { keyTone } from './dtmf.ts';
import { type FarEnd, person } from './far-end.ts';
import { Keypad } from './keypad.ts';
import { LegAudio } from './leg-audio.ts';
import type { LegRecording } from './leg-recording.ts';
import type { ParticipantTag, SmaParticipant } from './sma-event.ts';

export interface LegDescription {
  readonly tag: ParticipantTag;
  readonly to: string;
  readonly from: string;
  readonly direction: 'Inbound' | 'Outbound';
  /** The person at the far end, as named in the virtual call. */
  readonly voice: string;
  /** What they say from the answer on, unless they are in the call already. @default silence */
  readonly source?: AudioSource | undefined;
  /** @default 'phone' */
  readonly kind?: LegKind | undefined;
  /** What is at the far end. @default the person */
  readonly farEnd?: FarEnd | undefined;
}

/** A leg to somebody's telephone, or to a meeting. */
export type LegKind = 'phone' | 'meeting';

/** One leg of a call: a participant on one side, the SIP media application on the other. */
export class Leg {
  readonly callId: string = randomUUID();
  readonly tag: ParticipantTag;
  readonly to: string;
  readonly from: string;
  readonly direction: 'Inbound' | 'Outbound';
  readonly voice: string;
  readonly kind: LegKind;
  /** When the leg came into being, answered or not; epoch ms. */
  readonly startedAt: number;
  readonly audio: LegAudio;
  readonly keypad: Keypad;
  /** The one recording that a leg may have, once started. */
  recording: LegRecording | undefined;
  readonly #call: VirtualCall;
  readonly #farEnd: FarEnd;
  readonly #ended = new AbortController();
  #status: 'Ringing' | 'Connected' | 'Disconnected' = 'Ringing';

  constructor(call: VirtualCall, description: LegDescription) {
    this.#call = call;
    this.tag = description.tag;
    this.to = description.to;
    this.from = description.from;
    this.direction = description.direction;
    this.voice = description.voice;
    this.kind = description.kind ?? 'phone';
    const address = this.direction === 'Inbound' ? this.from : this.to;
    this.#farEnd = description.farEnd ?? person(call, this.voice, address, description.source);
    this.startedAt = call.clock.now();
    this.audio = new LegAudio(call, this.#farEnd);
    this.keypad = new Keypad(call.clock);
  }

  get status(): 'Ringing' | 'Connected' | 'Disconnected' {
    return this.#status;
  }

  /** Aborted when the leg ends. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** The far end is on the line from now on. */
  connect(): void {
    if (this.#status !== 'Ringing') return;
    this.#status = 'Connected';
    this.#farEnd.arrive();
  }

  disconnect(): void {
    if (this.#status === 'Disconnected') return;
    this.#status = 'Disconnected';
    this.#farEnd.leave();
    this.audio.end(this.#call.clock.now());
    this.#ended.abort();
  }

  /** The participant presses a key: its dual tone sounds for `toneMs`, and the key counts once it has sounded. */
  async press(key: string, toneMs: number): Promise<void> {
    const now = this.#call.clock.now();
    this.audio.addKey(now, now + toneMs, keyTone(key, toneMs));
    await this.#call.clock.delay(toneMs);
    if (this.#status === 'Connected') this.keypad.press(key);
  }

  participant(status: SmaParticipant['Status']): SmaParticipant {
    return {
      CallId: this.callId,
      ParticipantTag: this.tag,
      To: this.to,
      From: this.from,
      Direction: this.direction,
      StartTimeInMilliseconds: String(this.startedAt),
      ...(status ? { Status: status } : {}),
    };
  }
}
