import type { Expectation } from '../ledger/expectation.ts';
import type { SessionRecord } from '../session/record.ts';
import type { PartSnapshot } from '../session/snapshot.ts';
import { confirmedCaptureMs } from './confirmed-capture.ts';

/**
 * What is expected of each part, in the light of the facts: nothing of a part that was refused, discarded or never
 * resumed; at least what was surely captured of one that ended; `met` once its file is where the policy wants it.
 * A function of the record and its snapshot, so that a fact that turns is followed. Returns the list itself when
 * nothing changes.
 */
export function reviseExpectations(record: SessionRecord): readonly Expectation[] {
  const revised = record.expectations.map((expectation) => revise(record, expectation));
  return revised.every((expectation, index) => expectation === record.expectations[index])
    ? record.expectations
    : revised;
}

function revise(record: SessionRecord, expectation: Expectation): Expectation {
  const part = record.snapshot.parts.find(({ id }) => id === expectation.partId);
  if (!part) return expectation;
  const state = stateOf(record, part);
  const minDurationMs = part.state === 'ended' && state !== 'none' ? confirmedCaptureMs(record, part) : undefined;
  if (state === expectation.state && minDurationMs === expectation.minDurationMs) return expectation;
  const { minDurationMs: _, ...rest } = expectation;
  return { ...rest, state, ...(minDurationMs === undefined ? {} : { minDurationMs }) };
}

function stateOf(record: SessionRecord, part: PartSnapshot): Expectation['state'] {
  if (part.endReason === 'discarded' || part.endReason === 'empty') return 'none';
  // Of a part that failed otherwise there may still be a file: only a refusal says that there is none.
  if (part.state === 'failed' && refused(record, part.id)) return 'none';
  const wanted = record.archive.mode === 'none' ? ['stored', 'available'] : ['stored'];
  const own = record.snapshot.artifacts.filter(({ partId, side }) => partId === part.id && !side);
  const finished = own.filter(({ role }) => role === 'master' || role === 'track');
  const media = finished.length > 0 ? finished : own.filter(({ role }) => role === 'segment');
  return media.length > 0 && media.every((artifact) => wanted.includes(artifact.state)) ? 'met' : 'expected';
}

function refused(record: SessionRecord, partId: string): boolean {
  const start = record.commands.find((command) => command.partId === partId && command.sends === 'start');
  return record.snapshot.commands.some(({ id, state }) => id === start?.id && state === 'refused');
}
