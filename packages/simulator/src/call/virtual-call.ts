import type { Clock } from '@onrecord/core';

/** Rate of every voice in a call: 8 000 samples a second, 16 bit, one channel: what a telephone carries. */
export const VOICE_RATE = 8_000;

/**
 * What one participant says: the sample at `index` (in samples of {@link VOICE_RATE} since the source began),
 * −32 768 to 32 767, 0 for silence.
 */
export type AudioSource = (index: number) => number;

/** Silence for ever. */
export const silence: AudioSource = () => 0;

/** A sine tone without end. `amplitude` is a share of full scale, default 0.25. */
export function tone(frequencyHz: number, amplitude = 0.25): AudioSource {
  const step = (2 * Math.PI * frequencyHz) / VOICE_RATE;
  return (index) => Math.round(Math.sin(step * index) * amplitude * 32_767);
}

/** Samples played once (8 kHz mono), starting `startMs` into the source; silence before and after. */
export function clip(samples: Int16Array, startMs = 0): AudioSource {
  const first = Math.round((startMs * VOICE_RATE) / 1000);
  return (index) => samples[index - first] ?? 0;
}

/** Several sources at once, clipped at full scale. */
export function mix(...sources: readonly AudioSource[]): AudioSource {
  return (index) => {
    let sum = 0;
    for (const source of sources) sum += source(index);
    return Math.max(-32_768, Math.min(32_767, sum));
  };
}

/** One person, bot or announcer in a {@link VirtualCall}. */
export interface Participant {
  readonly name: string;
  /** How the platform names them: a phone number, user id or URI. */
  readonly address: string;
  /** Wall time (epoch ms) at which their source began: its sample 0. */
  readonly joinedAt: number;
  readonly leftAt?: number | undefined;
  readonly source: AudioSource;
}

/**
 * A conversation that exists only as arithmetic: each voice is a function of time, so any span can be rendered at any
 * moment, the same bytes each time, under a real or a virtual clock. Providers' simulators record from it.
 *
 * @example
 * ```ts
 * const call = new VirtualCall(clock);
 * call.join({ name: 'caller', address: '+15550100', source: tone(440) });
 * call.join({ name: 'agent', address: '+15550199', source: tone(1000) });
 * const heard = call.render(['caller'], clock.now(), clock.now() + 1000); // 8 000 samples of 440 Hz
 * ```
 */
export class VirtualCall {
  readonly clock: Clock;
  readonly startedAt: number;
  #participants: Participant[] = [];
  #endedAt: number | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
    this.startedAt = clock.now();
  }

  get participants(): readonly Participant[] {
    return this.#participants;
  }

  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** Adds a voice from now on. @throws Error when the name is taken or the call is over. */
  join(participant: { readonly name: string; readonly address?: string; readonly source?: AudioSource }): Participant {
    if (this.#endedAt !== undefined) throw new Error('VirtualCall: the call is over');
    if (this.#participants.some((other) => other.name === participant.name && other.leftAt === undefined)) {
      throw new Error(`VirtualCall: ${participant.name} is already in the call`);
    }
    const joined: Participant = {
      name: participant.name,
      address: participant.address ?? participant.name,
      joinedAt: this.clock.now(),
      source: participant.source ?? silence,
    };
    this.#participants.push(joined);
    return joined;
  }

  /** Silences a voice from now on. Unknown names are ignored. */
  leave(name: string): void {
    const now = this.clock.now();
    this.#participants = this.#participants.map((participant) =>
      participant.name === name && participant.leftAt === undefined ? { ...participant, leftAt: now } : participant,
    );
  }

  end(): void {
    this.#endedAt ??= this.clock.now();
  }

  /**
   * The mix of the named voices between two wall times (epoch ms), 16 bit at {@link VOICE_RATE}; exactly
   * `round(to) − round(from)` samples, so that neighbouring spans join without a gap.
   */
  render(names: readonly string[], fromMs: number, toMs: number): Int16Array {
    const origin = this.startedAt;
    const first = Math.round(((fromMs - origin) * VOICE_RATE) / 1000);
    const last = Math.round(((toMs - origin) * VOICE_RATE) / 1000);
    const out = new Int16Array(Math.max(0, last - first));
    for (const voice of this.#participants) {
      if (!names.includes(voice.name)) continue;
      const begin = Math.round(((voice.joinedAt - origin) * VOICE_RATE) / 1000);
      const until = Math.min(voice.leftAt ?? Number.POSITIVE_INFINITY, this.#endedAt ?? Number.POSITIVE_INFINITY);
      const end = Math.min(last, Math.round(((until - origin) * VOICE_RATE) / 1000));
      for (let index = Math.max(first, begin); index < end; index++) {
        const sample = (out[index - first] ?? 0) + voice.source(index - begin);
        out[index - first] = Math.max(-32_768, Math.min(32_767, sample));
      }
    }
    return out;
  }
}
