import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { EndReason, SessionState } from '../states/states.ts';
import { expectedMedia } from './artifacts.ts';
import { failures, toldReasons } from './end-reason.ts';
import type { PartFold } from './fold-part.ts';
import { endedByPause } from './pauses.ts';

export interface SessionEnd {
  readonly state: Extract<SessionState, 'processing' | 'completed' | 'failed'>;
  readonly endReason: EndReason;
}

/** Reasons after which an emulated pause lasts no longer: nothing is left that could be resumed. */
const over: ReadonlySet<EndReason> = new Set(['call-ended', 'limit-reached', 'lost', 'permission-denied', 'discarded']);

/**
 * Whether the session, all of whose parts are over, is only paused: its last part was ended by a pause that stands in
 * for one, and nobody stopped the session or hung up since.
 */
export function heldBetweenParts(parts: readonly PartFold[]): boolean {
  const last = parts.findLast(({ snapshot }) => snapshot.state !== 'failed');
  if (!last || !endedByPause(last)) return false;
  return parts.every(
    ({ reports, steps }) =>
      !steps.some(({ command, desire, refused }) => desire === 'end' && command.kind !== 'pause' && !refused) &&
      ![...toldReasons(reports)].some((reason) => over.has(reason)),
  );
}

/** How a session stands whose parts are all over: its files decide. */
export function sessionEnd(
  record: SessionRecord,
  parts: readonly PartFold[],
  artifacts: readonly Artifact[],
): SessionEnd {
  const endReason = endReasonOfSession(parts);
  const files = artifacts.filter((artifact) => isAwaited(record, parts, artifact));
  const present = files.some(({ state }) => state === 'available' || state === 'stored');
  const captured = parts.some((part) => part.captured);
  if (!present && failures.has(endReason) && (endReason !== 'provider-error' || !captured)) {
    return { state: 'failed', endReason };
  }
  const settled = parts.every((part) => partSettled(record, part, files));
  if (!settled) return { state: 'processing', endReason };
  const due = files.filter(({ partId }) => !parts.some(({ snapshot }) => snapshot.id === partId && isEmpty(snapshot)));
  const gone = due.length > 0 && due.every(({ state }) => state === 'expired' || state === 'missing');
  return gone ? { state: 'failed', endReason: 'lost' } : { state: 'completed', endReason };
}

function endReasonOfSession(parts: readonly PartFold[]): EndReason {
  const told = parts.findLast(({ snapshot }) => snapshot.state === 'ended') ?? parts.at(-1);
  const reason = told?.snapshot.endReason ?? 'unknown';
  if (reason !== 'requested' || !told || !endedByPause(told)) return reason;
  // The part ended by a pause; the session by what came after it.
  return parts.some(({ reports }) => toldReasons(reports).has('call-ended')) ? 'call-ended' : 'requested';
}

/** Whether a file decides when the session is complete: finished media do, what describes them or feeds them does not. */
function isAwaited(record: SessionRecord, parts: readonly PartFold[], { role, partId }: Artifact): boolean {
  if (role === 'master' || role === 'track') return true;
  if (role !== 'segment') return false;
  const part = parts.find(({ snapshot }) => snapshot.id === partId);
  return part !== undefined && expectedMedia(record, part).some((expected) => expected.role === 'segment');
}

function partSettled(record: SessionRecord, part: PartFold, files: readonly Artifact[]): boolean {
  const own = files.filter(({ partId }) => partId === part.snapshot.id);
  const enough = own.every((file) => isSettled(record, file.state) || isGone(record, part, file));
  if (own.length > 0) return enough;
  return !awaitsMedia(record, part);
}

/** Whether a part that is over must still bring a file. */
export function awaitsMedia(record: SessionRecord, { snapshot }: PartFold): boolean {
  const { endReason, state, id } = snapshot;
  if (state === 'failed' || endReason === 'discarded' || endReason === 'empty' || endReason === 'lost') return false;
  const own = record.expectations.filter(({ partId }) => partId === id);
  return own.length === 0 || own.some((expectation) => expectation.state !== 'none');
}

/** Whether a part had nothing to bring. */
function isEmpty({ endReason }: PartFold['snapshot']): boolean {
  return endReason === 'empty';
}

/** Whether a file that is not there will never be. */
function isGone({ transfers }: SessionRecord, { snapshot }: PartFold, { state, mediaKey }: Artifact): boolean {
  if (state !== 'missing') return false;
  return snapshot.endReason === 'lost' || transfers.some((own) => own.mediaKey === mediaKey && own.state === 'empty');
}

function isSettled({ archive }: SessionRecord, state: Artifact['state']): boolean {
  return (
    state === 'stored' ||
    state === 'deleted' ||
    state === 'expired' ||
    (archive.mode === 'none' && state === 'available')
  );
}
