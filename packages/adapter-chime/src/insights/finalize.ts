import {
  type DriverContext,
  type MediaExpectation,
  type Outcome,
  type PartTarget,
  type Seen,
  timestamp,
} from '@onrecord/core';
import { askPipeline } from './ask-pipeline.ts';
import type { InsightsClients } from './client.ts';
import { knownHandle } from './handle.ts';
import { seenInState, withReason } from './map-status.ts';

/** Observation of a part that is over, as a report is made of it. */
export type Observe = (name: string, seen: Seen) => NonNullable<Outcome['reports']>[number];

/**
 * Waits until the sink of a part that is over has done its work, or failed to: recordings are written after the call, and
 * the event that tells of it may be lost. First of all it says why the part is over, and where its file appears, which is looked for
 * from then on, whether or not the service can be asked.
 */
export async function finalize(
  clients: InsightsClients,
  part: PartTarget,
  expected: MediaExpectation | undefined,
  observe: Observe,
  { signal, clock }: DriverContext,
): Promise<Outcome> {
  const handle = knownHandle(part);
  if (!handle) return { kind: 'accepted' };
  const now = timestamp(clock.now());
  if (expected && part.facts?.['awaited'] !== true) {
    const seen = withReason({ ended: true, expects: [expected], facts: { awaited: true } }, part, undefined, now);
    return { kind: 'accepted', reports: [observe('awaited', seen)] };
  }
  const state = await askPipeline(clients, handle.pipelineId, signal);
  const seen = seenInState(state, part, now);
  const done = state === 'gone' || state.status === 'Stopped' || state.status === 'Failed';
  if (!done || !seen) return { kind: 'accepted' };
  return { kind: 'done', reports: [observe('finalized', seen)] };
}
