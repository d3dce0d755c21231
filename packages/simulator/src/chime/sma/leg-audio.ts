import { type AudioSource, type VirtualCall, VOICE_RATE } from '../../call/virtual-call.ts';
import type { FarEnd } from './far-end.ts';

/** A sound that lies over a span of wall time (epoch ms); its source's sample 0 is at `fromMs`. */
export interface AudioSpan {
  readonly fromMs: number;
  /** Undefined while it lasts. */
  toMs: number | undefined;
  readonly source: AudioSource;
}

interface BridgeSpan {
  readonly fromMs: number;
  readonly toMs: undefined;
  readonly other: LegAudio;
}

/**
 * The two directions of a leg's audio. Incoming is what its participant says, key tones included; outgoing is what the
 * participant hears: prompts, and the other leg while the two are bridged.
 */
export class LegAudio {
  readonly #call: VirtualCall;
  readonly #farEnd: FarEnd;
  readonly #keys: AudioSpan[] = [];
  readonly #prompts: AudioSpan[] = [];
  readonly #bridges: BridgeSpan[] = [];
  #endedAt: number | undefined;

  constructor(call: VirtualCall, farEnd: FarEnd) {
    this.#call = call;
    this.#farEnd = farEnd;
  }

  addKey(fromMs: number, toMs: number, source: AudioSource): void {
    this.#keys.push({ fromMs, toMs, source });
  }

  /** Lets the participant hear `source` from now on; set `toMs` of the result to end it. */
  addPrompt(fromMs: number, source: AudioSource): AudioSpan {
    const span: AudioSpan = { fromMs, toMs: undefined, source };
    this.#prompts.push(span);
    return span;
  }

  /** Lets the participant hear the other leg from then on, until either ends. */
  hear(other: LegAudio, fromMs: number): void {
    this.#bridges.push({ fromMs, toMs: undefined, other });
  }

  /** Nothing is heard in either direction from now on, nor by those who were bridged to this leg. */
  end(atMs: number): void {
    this.#endedAt ??= atMs;
  }

  incoming(fromMs: number, toMs: number): Int16Array {
    const out = this.#farEnd.says(fromMs, toMs);
    for (const span of this.#keys) this.#lay(out, fromMs, span);
    this.#cut(out, fromMs);
    return out;
  }

  outgoing(fromMs: number, toMs: number): Int16Array {
    const out = this.#call.render([], fromMs, toMs);
    for (const span of this.#prompts) this.#lay(out, fromMs, span);
    for (const bridge of this.#bridges) {
      const heard = bridge.other.incoming(fromMs, toMs);
      const first = this.#sample(fromMs);
      this.#add(out, fromMs, bridge, (index) => heard[index - first] ?? 0);
    }
    this.#cut(out, fromMs);
    return out;
  }

  #lay(out: Int16Array, fromMs: number, span: AudioSpan): void {
    const begin = this.#sample(span.fromMs);
    this.#add(out, fromMs, span, (index) => span.source(index - begin));
  }

  #add(
    out: Int16Array,
    fromMs: number,
    span: { readonly fromMs: number; readonly toMs: number | undefined },
    sampleAt: (index: number) => number,
  ): void {
    const first = this.#sample(fromMs);
    const begin = Math.max(first, this.#sample(span.fromMs));
    const end = Math.min(first + out.length, span.toMs === undefined ? first + out.length : this.#sample(span.toMs));
    for (let index = begin; index < end; index++) {
      out[index - first] = Math.max(-32_768, Math.min(32_767, (out[index - first] ?? 0) + sampleAt(index)));
    }
  }

  #cut(out: Int16Array, fromMs: number): void {
    if (this.#endedAt !== undefined) out.fill(0, Math.max(0, this.#sample(this.#endedAt) - this.#sample(fromMs)));
  }

  /** Samples are counted from the start of the call, as the call itself counts them, so that spans join. */
  #sample(ms: number): number {
    return Math.round(((ms - this.#call.startedAt) * VOICE_RATE) / 1000);
  }
}
