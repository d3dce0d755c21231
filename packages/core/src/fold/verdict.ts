import type { SessionRecord } from '../session/record.ts';
import type { Anomaly, Artifact } from '../session/snapshot.ts';
import type { SessionState, Verdict } from '../states/states.ts';
import { believedCaptureMs } from './believed-capture.ts';
import { brokenFiles, isBrokenOff } from './broken-files.ts';
import type { PartFold } from './fold-part.ts';
import { awaitsMedia } from './session-end.ts';

/** Milliseconds by which a file may fall short of the confirmed capture time: confirmations come a little late. */
const shortfallMs = 2_000;

/** What the ledger says of the session's media as a whole, and the files that are too short. */
export function verdictOf(
  record: SessionRecord,
  parts: readonly PartFold[],
  artifacts: readonly Artifact[],
  /** The state by the reports alone, and the one that was published if it is final. */
  { own, published }: { readonly own: SessionState; readonly published?: SessionState | undefined },
): { readonly verdict: Verdict; readonly anomalies: readonly Anomaly[] } {
  const short = shortParts(record, parts, artifacts);
  const anomalies = short.map(
    ({ partId, what, durationMs, minDurationMs }): Anomaly => ({
      code: 'duration-mismatch',
      message: `The ${what} ${durationMs} ms, and ${minDurationMs} ms were captured.`,
      partId,
    }),
  );
  const verdict = judge(record, parts, artifacts, own, published);
  return {
    verdict: verdict === 'present' && short.length > 0 ? 'short' : verdict,
    anomalies: [...brokenFiles(record, artifacts), ...anomalies],
  };
}

function judge(
  record: SessionRecord,
  parts: readonly PartFold[],
  artifacts: readonly Artifact[],
  own: SessionState,
  published: SessionState | undefined,
): Verdict {
  const present = artifacts.filter(({ state, role }) => isMedia(role) && (state === 'available' || state === 'stored'));
  const has = (partId: string) => present.some((artifact) => artifact.partId === partId);
  if (published === 'failed' && present.length > 0) return 'late';
  const missed = record.expectations.filter(
    ({ missingSince, state }) => missingSince !== undefined && state !== 'none',
  );
  const lost = parts.filter(({ snapshot }) => snapshot.endReason === 'lost');
  if (missed.some(({ partId }) => !has(partId)) || lost.some(({ snapshot }) => !has(snapshot.id))) return 'missing';
  if (missed.length > 0) return 'late';
  if (own === 'completed') return present.length > 0 ? 'present' : 'none';
  if (own === 'failed') return parts.some((part) => part.captured) ? 'missing' : 'none';
  return isLate(record, parts, has) ? 'late' : 'pending';
}

/** Past its time without a file; the latest arrival is the only clock in the record. */
function isLate(record: SessionRecord, parts: readonly PartFold[], has: (partId: string) => boolean): boolean {
  const latest = record.reports.reduce((max, { receivedAt }) => (receivedAt > max ? receivedAt : max), '');
  return record.expectations.some(({ partId, by, state }) => {
    const part = parts.find(({ snapshot }) => snapshot.id === partId);
    return state === 'expected' && by !== undefined && by < latest && part && awaitsMedia(record, part) && !has(partId);
  });
}

function isMedia(role: Artifact['role']): boolean {
  return role === 'master' || role === 'track' || role === 'segment';
}

function shortParts(record: SessionRecord, parts: readonly PartFold[], artifacts: readonly Artifact[]) {
  return record.expectations.flatMap(({ partId, minDurationMs: sureMs, state }) => {
    if (state === 'none') return [];
    const own = artifacts.filter((artifact) => artifact.partId === partId);
    const part = parts.find(({ snapshot }) => snapshot.id === partId);
    const brokenMs = part && Math.max(sureMs ?? 0, believedCaptureMs(record, part) ?? 0);
    const tracks = own.flatMap(({ id, mediaKey, role, durationMs = 0, tracks: [track] }) => {
      // A sound track may be short, for whoever it follows may have joined late.
      if (role !== 'track' || brokenMs === undefined || !isBrokenOff(record, mediaKey)) return [];
      const minDurationMs = Math.max(0, brokenMs - (track?.offsetMs ?? 0));
      if (durationMs + shortfallMs >= minDurationMs) return [];
      return [{ partId, what: `track ${id} lasts`, durationMs, minDurationMs }];
    });
    const masters = own.filter(({ role }) => role === 'master');
    // A file that breaks off so that nobody can tell what is in it counts for nothing.
    const unknown = ({ durationMs, mediaKey }: Artifact) => durationMs === undefined && !isBrokenOff(record, mediaKey);
    if (masters.length === 0 || masters.some(unknown)) return tracks;
    const durationMs = masters.reduce((sum, master) => sum + (master.durationMs ?? 0), 0);
    // Of a file that breaks off it must be shown that nothing is missing; of a sound one, that something is.
    const minDurationMs = masters.some(({ mediaKey }) => isBrokenOff(record, mediaKey)) ? brokenMs : sureMs;
    if (minDurationMs === undefined || durationMs + shortfallMs >= minDurationMs) return tracks;
    return [{ partId, what: `files of ${partId} last`, durationMs, minDurationMs }, ...tracks];
  });
}
