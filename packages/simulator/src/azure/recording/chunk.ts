import { type VirtualCall, VOICE_RATE } from '../../call/virtual-call.ts';
import { type Span, spanLength, spanSlice, wallAt } from '../media/span.ts';
import type { Capture, PauseInterval } from './capture.ts';

/** One file of a recording. */
export interface Chunk {
  readonly index: number;
  readonly spans: readonly Span[];
  /** Wall times (epoch ms); a pause between two chunks belongs to the earlier one. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly pauses: readonly PauseInterval[];
  /** Length of the file, ms. */
  readonly mediaMs: number;
  readonly endReason: 'SessionEnded' | 'ChunkMaximumSizeExceeded';
}

/** Splits what was captured into files of at most `maxMs` of sound. */
export function chunksOf(call: VirtualCall, capture: Capture, maxMs: number): readonly Chunk[] {
  const total = spanLength(capture.spans);
  const most = Math.max(1, Math.round((maxMs * VOICE_RATE) / 1000));
  const count = Math.ceil(total / most);
  const beginnings = Array.from({ length: count }, (_, index) => {
    const first = spanSlice(capture.spans, index * most, index * most + 1)[0];
    return index === 0 || !first ? capture.startedAt : wallAt(call, first.begin);
  });
  return beginnings.map((startedAt, index) => {
    const endedAt = beginnings[index + 1] ?? capture.endedAt;
    const spans = spanSlice(capture.spans, index * most, (index + 1) * most);
    return {
      index,
      spans,
      startedAt,
      endedAt,
      pauses: capture.pauses.filter(({ from }) => from >= startedAt && from < endedAt),
      mediaMs: (spanLength(spans) * 1000) / VOICE_RATE,
      endReason: index + 1 < count ? 'ChunkMaximumSizeExceeded' : 'SessionEnded',
    };
  });
}

/** What a chunk is said to last, ms: the length of its file, or the time from its beginning to its end. */
export function chunkDuration(chunk: Chunk, counted: 'media' | 'wall'): number {
  return counted === 'media' ? chunk.mediaMs : chunk.endedAt - chunk.startedAt;
}
