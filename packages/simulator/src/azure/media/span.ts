import type { VirtualCall } from '../../call/virtual-call.ts';
import { VOICE_RATE } from '../../call/virtual-call.ts';

/** A stretch of a call that was captured, in samples of {@link VOICE_RATE} since the call began; `end` is not in it. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** The sample that sounds at a wall time (epoch ms). */
export function sampleAt(call: VirtualCall, wallMs: number): number {
  return Math.round(((wallMs - call.startedAt) * VOICE_RATE) / 1000);
}

/** The wall time (epoch ms) of a sample. */
export function wallAt(call: VirtualCall, sample: number): number {
  return call.startedAt + (sample * 1000) / VOICE_RATE;
}

/** Samples captured in all. */
export function spanLength(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.end - span.begin, 0);
}

/** The part of `spans` between two positions in the captured sound. */
export function spanSlice(spans: readonly Span[], from: number, to: number): readonly Span[] {
  const parts: Span[] = [];
  let position = 0;
  for (const span of spans) {
    const begin = span.begin + Math.max(0, from - position);
    const end = span.begin + Math.min(span.end - span.begin, to - position);
    if (end > begin) parts.push({ begin, end });
    position += span.end - span.begin;
  }
  return parts;
}
