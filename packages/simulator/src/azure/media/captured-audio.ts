import type { VirtualCall } from '../../call/virtual-call.ts';
import { type Span, spanLength, wallAt } from './span.ts';
import { UPSAMPLE_REACH, upsampled } from './upsample.ts';

/** Rate of every recording: 16 kHz (facts: all Call Automation formats). */
export const RECORDING_RATE = 16_000;

/** What is played into a call: sound at {@link RECORDING_RATE} from a sample of the call's own rate on. */
export interface Overlay {
  /** In samples of the voice rate since the call began. */
  readonly begin: number;
  readonly samples: Int16Array;
}

/** The voices of one channel, by the names of the participants, and what is played over them. */
export interface ChannelSource {
  readonly names: readonly string[];
  readonly overlays: readonly Overlay[];
}

/**
 * The sound of a recording, computed when asked for: any stretch of it at any time, the same samples each time. Its
 * spans follow each other without a gap, and nothing outside a span reaches it, not even through the filter.
 */
export class CapturedAudio {
  readonly #call: VirtualCall;
  readonly #spans: readonly Span[];
  readonly #channels: readonly ChannelSource[];
  readonly frames: number;

  constructor(call: VirtualCall, spans: readonly Span[], channels: readonly ChannelSource[]) {
    this.#call = call;
    this.#spans = spans;
    this.#channels = channels;
    this.frames = 2 * spanLength(spans);
  }

  get channelCount(): number {
    return this.#channels.length;
  }

  /** Interleaved frames from `from` up to `to`, both in frames of {@link RECORDING_RATE}, `to` not included. */
  read(from: number, to: number): Int16Array {
    const count = this.#channels.length;
    const out = new Int16Array((to - from) * count);
    let position = 0;
    for (const span of this.#spans) {
      const length = 2 * (span.end - span.begin);
      const first = Math.max(0, from - position);
      const last = Math.min(length, to - position);
      if (last > first) {
        for (const [channel, source] of this.#channels.entries()) {
          const samples = this.#stretch(span, source, first, last);
          const target = (position + first - from) * count + channel;
          for (let index = 0; index < samples.length; index++) out[target + index * count] = samples[index] ?? 0;
        }
      }
      position += length;
    }
    return out;
  }

  /** Samples `first` to `last` of one span at the recording's rate. */
  #stretch(span: Span, source: ChannelSource, first: number, last: number): Int16Array {
    const begin = Math.max(0, Math.floor(first / 2) - UPSAMPLE_REACH);
    const end = Math.min(span.end - span.begin, Math.ceil(last / 2) + 1 + UPSAMPLE_REACH);
    const from = wallAt(this.#call, span.begin + begin);
    const voices = this.#call.render(source.names, from, wallAt(this.#call, span.begin + end));
    const out = upsampled(voices, first - 2 * begin, last - first);
    for (const overlay of source.overlays) addOverlay(out, overlay, 2 * span.begin + first);
    return out;
  }
}

/** Adds what `overlay` plays; `position` is the place of the first sample, at the recording's rate since the call began. */
function addOverlay(out: Int16Array, overlay: Overlay, position: number): void {
  const offset = position - 2 * overlay.begin;
  const first = Math.max(0, -offset);
  const last = Math.min(out.length, overlay.samples.length - offset);
  for (let index = first; index < last; index++) {
    const sum = (out[index] ?? 0) + (overlay.samples[offset + index] ?? 0);
    out[index] = Math.max(-32_768, Math.min(32_767, sum));
  }
}
