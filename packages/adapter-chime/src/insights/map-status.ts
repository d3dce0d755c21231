import type { PartTarget, Seen } from '@onrecord/core';
import type { PipelineState } from './ask-pipeline.ts';
import { naturalEnd } from './end-reason.ts';
import { over, seenInElements } from './map-elements.ts';

/** What asking about a pipeline showed, in the light of what was told of its part before. */
export function seenInState(state: PipelineState | 'gone', part: PartTarget, now: string): Seen | undefined {
  const { failureReason } = part.facts ?? {};
  const reason = typeof failureReason === 'string' ? failureReason : undefined;
  if (state === 'gone') return { ...over, endReason: endOf(part, undefined, now) };
  const seen = seenInElements(state.elements, reason);
  if (state.status === 'Stopped' || state.status === 'Failed') {
    const ended: Seen = { ...seen, ...over };
    return ended.endReason === undefined ? { ...ended, endReason: endOf(part, state, now) } : ended;
  }
  // Its last seconds are being written, which proves neither.
  if (state.status === 'Stopping') return seen?.ended ? seen : undefined;
  return seen?.ended && seen.endReason === undefined ? { ...seen, endReason: endOf(part, state, now) } : seen;
}

/** Why it is over, where nobody here asked for that: outweighed by `requested`, which a stop tells. */
export function endOf(
  { facts = {} }: Pick<PartTarget, 'facts'>,
  state: PipelineState | undefined,
  now: string,
): NonNullable<Seen['endReason']> {
  const text = (name: string) => (typeof facts[name] === 'string' ? facts[name] : undefined);
  return naturalEnd({
    createdAt: state?.createdAt ?? text('createdAt'),
    until: state?.until ?? text('until'),
    pausedAt: text('pausedAt'),
    stoppedAt: text('stoppedAt') ?? now,
  });
}
