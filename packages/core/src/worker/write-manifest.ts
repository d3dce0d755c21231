import { timestamp } from '../clock.ts';
import { addReports } from '../engine/add-reports.ts';
import { derivedId } from '../engine/ids.ts';
import { refold } from '../engine/refold.ts';
import { correlationOf, type Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Transfer } from '../session/transfer.ts';
import type { Storage } from '../storage/index.ts';
import { manifestKey } from './archive-key.ts';
import { manifestOf } from './manifest.ts';
import { replaceTransfer } from './transfer-journal.ts';
import type { WorkerContext } from './worker-options.ts';

export function isFinal({ snapshot: { state } }: SessionRecord): boolean {
  return state === 'completed' || state === 'failed';
}

/** Whether a session that is over has files in the archive which its manifest does not describe. */
export function wantsManifest(record: SessionRecord): boolean {
  if (record.archive.mode === 'none' || !isFinal(record)) return false;
  const files = record.snapshot.artifacts.filter(({ role, state }) => role !== 'manifest' && state === 'stored');
  if (files.length === 0) return false;
  const written = manifestTransfer(record)?.verifiedAt;
  if (written === undefined) return true;
  const stored = record.transfers.some(
    ({ mediaKey, verifiedAt = '' }) => verifiedAt > written && files.some((file) => file.mediaKey === mediaKey),
  );
  return stored || record.reports.some((report) => report.receivedAt > written && describes(report));
}

/** Whether a report says more of the files than where the manifest lies. */
function describes({ seen: { media = [], pauses } }: Report): boolean {
  return pauses !== undefined || media.some(({ role }) => role !== 'manifest');
}

/** Milliseconds until a manifest that could not be written may be tried again. */
export function manifestWait({ pace, intervals }: WorkerContext, { id }: SessionRecord): number {
  return pace.wait(manifestPace(id), 'archive', intervals.longestPollMs);
}

export function manifestPace(sessionId: string): string {
  return `${sessionId}/manifest`;
}

/** The journal of the manifest; undefined until one is stored. */
export function manifestTransfer(record: SessionRecord): Transfer | undefined {
  const manifest = record.snapshot.artifacts.find(({ role }) => role === 'manifest');
  return record.transfers.find(({ mediaKey, state }) => mediaKey === manifest?.mediaKey && state === 'stored');
}

/** Stores the description of a record as it stands, and returns the record with it. */
export async function writeManifest(
  archive: Storage,
  record: SessionRecord,
  nowMs: number,
  signal: AbortSignal,
): Promise<SessionRecord> {
  const now = timestamp(nowMs);
  const bytes = new TextEncoder().encode(`${JSON.stringify(manifestOf(record, now), undefined, 2)}\n`);
  const stored = await archive.put(manifestKey(record), once(bytes), {
    bytes: bytes.length,
    contentType: 'application/json',
    signal,
  });
  const { uri, sha256 } = stored;
  const transfer: Transfer = {
    mediaKey: uri,
    state: 'stored',
    uri,
    bytes: stored.bytes,
    sha256,
    attempts: 1,
    verifiedAt: now,
  };
  // A part that has a file: a description must not make it look as if another one had captured something.
  const partId = record.snapshot.artifacts.find(({ role, state }) => role !== 'manifest' && state === 'stored')?.partId;
  if (partId === undefined) return record;
  const report: Report = {
    reportId: derivedId('manifest', record.id, uri),
    subject: { correlation: correlationOf(record.id, partId) },
    seen: { media: [{ key: uri, uri, role: 'manifest', mediaType: 'application/json', bytes: stored.bytes }] },
    cause: { unattributed: true },
    clock: { domain: 'ours', at: now },
    via: 'storage',
    receivedAt: now,
  };
  const described = replaceTransfer(record, transfer);
  const { record: told } = addReports(described, [report], nowMs);
  return told === described ? refold(described, record, nowMs) : told;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
