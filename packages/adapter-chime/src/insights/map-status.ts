import type { PartTarget, Seen } from '@onrecord/core';
import type { PipelineState } from './ask-pipeline.ts';
import { naturalEnd } from './end-reason.ts';
import { over, reasonOfFailedPipeline, seenInElements } from './map-elements.ts';

/** Fact of a part whose pipeline we asked to stop: its end is no sign that the call is over. */
export const stopRequested = 'stopRequested';

/** What asking about a pipeline showed, in the light of what was told of its part before. */
export function seenInState(state: PipelineState | 'gone', part: PartTarget, now: string): Seen | undefined {
  const { failureReason } = part.facts ?? {};
  const reason = typeof failureReason === 'string' ? failureReason : undefined;
  if (state === 'gone') return withReason(over, part, undefined, now);
  const seen = seenInElements(state.elements, reason);
  if (state.status === 'Stopped' || state.status === 'Failed')
    return withReason({ ...seen, ...over }, part, state, now);
  // Without statuses of elements that of the pipeline is all there is; a pause of it is none of the recording.
  if (!seen && (state.status === 'InProgress' || state.status === 'Paused')) return { capturing: true };
  // Its last seconds are being written, which proves neither.
  if (state.status === 'Stopping' && !seen?.ended) return undefined;
  return seen?.ended ? withReason(seen, part, state, now) : seen;
}

/** Why it is over: as its sink says, or by a stop rule, unless we asked for the end. */
export function withReason(
  seen: Seen,
  { facts = {} }: Pick<PartTarget, 'facts'>,
  state: PipelineState | undefined,
  now: string,
): Seen {
  if (seen.endReason !== undefined || facts[stopRequested] === true) return seen;
  const text = (name: string) => (typeof facts[name] === 'string' ? facts[name] : undefined);
  const failureReason = text('failureReason');
  if (state?.status === 'Failed' || failureReason !== undefined) {
    const sink = seen.facts?.['S3RecordingSink'] ?? facts['S3RecordingSink'];
    const failed = reasonOfFailedPipeline(sink, failureReason);
    if (failed !== undefined) return { ...seen, endReason: failed };
  }
  const endReason = naturalEnd({
    createdAt: state?.createdAt ?? text('createdAt'),
    until: state?.until ?? text('until'),
    pausedAt: text('pausedAt'),
    stoppedAt: text('stoppedAt') ?? now,
    found: text('stoppedAt') === undefined,
  });
  return { ...seen, endReason };
}
