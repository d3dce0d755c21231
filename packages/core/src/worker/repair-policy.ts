import { timestamp } from '../clock.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { BreakOff } from '../session/transfer.ts';
import type { MediaFacts } from './inspect-media.ts';
import type { TransferClaim } from './transfer-journal.ts';
import type { WorkerContext } from './worker-options.ts';

/** The same bytes must have been there for this long before time alone decides that they are all. */
const settledMs = 60_000;
/** A sound file without a sample says nothing about a part that captured for less than this. */
const audibleMs = 2_000;

/** What came of a file when it was read to its end. */
export interface Look {
  readonly facts: MediaFacts;
  readonly fingerprint: string;
  /** As many bytes came as were announced: the line did not swallow the rest. */
  readonly isWhole: boolean;
}

/** How a file breaks off; undefined for a sound one. */
export function breakOffOf(context: WorkerContext, claim: TransferClaim, look: Look): BreakOff | undefined {
  const problem = look.facts.problem ?? silence(claim, look.facts);
  if (problem === undefined) return undefined;
  const { brokenOff: known } = claim.transfer;
  const isKnown = known?.fingerprint === look.fingerprint;
  const since = isKnown ? known.since : timestamp(context.clock.now());
  const final = isEnded(claim) && nobodyCompletes(context, claim, { since, isKnown, isWhole: look.isWhole });
  return { problem, since, fingerprint: look.fingerprint, final };
}

/** Whether the provider said of a file that nobody will add to it. */
export function saidFinal({ reports }: SessionRecord, { mediaKey }: Artifact): boolean {
  return reports.some(({ seen }) => seen.media?.some(({ key, final }) => key === mediaKey && final === true));
}

/** Milliseconds of a part that were captured beyond doubt; undefined when capture was never proven. */
export function capturedMs({ expectations }: SessionRecord, { partId }: Artifact): number | undefined {
  return expectations.find((expectation) => expectation.partId === partId)?.minDurationMs;
}

function silence({ record, artifact }: TransferClaim, { durationMs }: MediaFacts): string | undefined {
  if (durationMs !== 0 || artifact.role !== 'master') return undefined;
  return (capturedMs(record, artifact) ?? 0) >= audibleMs ? 'there is no sample in it' : undefined;
}

function isEnded({ record, artifact }: TransferClaim): boolean {
  const part = record.snapshot.parts.find(({ id }) => id === artifact.partId);
  return part?.state === 'ended' || part?.state === 'failed';
}

/** By the word of the provider, else by time: what has long not changed, or is about to be deleted, will not change. */
function nobodyCompletes(
  { clock, intervals }: WorkerContext,
  { record, artifact }: TransferClaim,
  { since, isKnown, isWhole }: { readonly since: string; readonly isKnown: boolean; readonly isWhole: boolean },
): boolean {
  if (saidFinal(record, artifact)) return isKnown || isWhole;
  if (!isKnown) return false;
  const sinceMs = Date.parse(since);
  const endedAt = record.snapshot.parts.find(({ id }) => id === artifact.partId)?.endedAt;
  const patient = Math.max(sinceMs + settledMs, Date.parse(endedAt ?? since) + intervals.brokenAfterMs);
  const hurried = artifact.expiresAt === undefined ? patient : (sinceMs + Date.parse(artifact.expiresAt)) / 2;
  return clock.now() >= Math.min(patient, hurried);
}
