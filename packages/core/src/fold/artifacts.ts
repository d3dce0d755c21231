import type { MediaExpectation, MediaSighting, Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';
import type { BreakOff, Transfer } from '../session/transfer.ts';
import type { ArtifactState } from '../states/states.ts';
import type { PartFold } from './fold-part.ts';

/** Every file that exists or should, by part and position. */
export function artifactsOf(record: SessionRecord, parts: readonly PartFold[]): readonly Artifact[] {
  const latest = record.reports.reduce((max, { receivedAt }) => (receivedAt > max ? receivedAt : max), '');
  const stored = new Map(record.transfers.map((transfer) => [transfer.mediaKey, transfer]));
  return parts.flatMap((part) => {
    const sighted = sightingsOf(part.reports);
    const expected = expectedMedia(record, part);
    const files = [
      ...[...sighted.values()].map((file) => asExpected(file, expected)),
      ...unseen(record, part, sighted),
    ];
    const discarded = part.snapshot.endReason === 'discarded';
    return numbered(files).flatMap(({ file, number }) => {
      const transfer = stored.get(file.key);
      const state = stateOf(file, transfer, { latest, discarded });
      const own = artifactOf(file, `${part.snapshot.id}-${file.role}-${number}`, part.snapshot.id, state, transfer);
      return [own, ...copiesOf(own, record.transfers)];
    });
  });
}

/** A file that is seen, or only expected (`absent` says how it stands then). */
type File = MediaSighting & { readonly absent?: 'pending' | 'missing' };

/** Sightings of one file extend each other; where they differ, the one of the later version stands, else the last. */
function sightingsOf(reports: readonly Report[]): ReadonlyMap<string, File> {
  const files = new Map<string, File>();
  for (const { seen } of reports) {
    for (const sighting of seen.media ?? []) {
      const known = files.get(sighting.key);
      files.set(sighting.key, known ? extend(known, sighting) : sighting);
    }
  }
  return files;
}

function extend(known: File, later: MediaSighting): File {
  const isOlder = known.version !== undefined && later.version !== undefined && later.version < known.version;
  return isOlder ? { ...later, ...told(known) } : { ...known, ...told(later) };
}

function told(sighting: File): Partial<File> {
  return Object.fromEntries(Object.entries(sighting).filter(([, value]) => value !== undefined));
}

/** What was known of a file beforehand and its sightings do not tell. */
function asExpected(file: File, expected: readonly MediaExpectation[]): File {
  if (expected.length === 0 || (file.tracks && file.container)) return file;
  const match = expected.find(
    ({ uri, prefix, role }) =>
      role === file.role && (uri === file.uri || (prefix !== undefined && file.uri.startsWith(prefix))),
  );
  if (!match) return file;
  const tracks = file.tracks ?? match.tracks;
  return { ...file, container: file.container ?? match.container, ...(tracks ? { tracks } : {}) };
}

/** Expected files whose place is known and which nobody has seen; none where nothing can come any more. */
function unseen(record: SessionRecord, part: PartFold, sighted: ReadonlyMap<string, File>): readonly File[] {
  const { state, endReason, id } = part.snapshot;
  const own = record.expectations.filter(({ partId }) => partId === id);
  if (state === 'failed' || endReason === 'discarded' || endReason === 'empty') return [];
  if (own.length > 0 && own.every((expectation) => expectation.state === 'none')) return [];
  const seen = new Set([...sighted.values()].flatMap(({ key, uri }) => [key, uri]));
  const missing = endReason === 'lost' || own.some(({ missingSince }) => missingSince !== undefined);
  const files: File[] = [];
  for (const expected of expectedMedia(record, part)) {
    const { uri, role, container, tracks } = expected;
    if (uri === undefined || seen.has(uri)) continue;
    seen.add(uri);
    files.push({
      key: uri,
      uri,
      role,
      container,
      ...(tracks ? { tracks } : {}),
      absent: missing ? 'missing' : 'pending',
    });
  }
  return files;
}

/** What the ledger and the driver's reports say must appear for a part. */
export function expectedMedia(record: SessionRecord, { snapshot, reports }: PartFold): readonly MediaExpectation[] {
  return [
    ...record.expectations.flatMap(({ partId, media }) => (partId === snapshot.id && media ? [media] : [])),
    ...reports.flatMap(({ seen }) => seen.expects ?? []),
  ];
}

/** A position beyond this is none: no recording has so many files, and counting on from there might never end. */
const mostFiles = 1_000_000;

/** Numbers files of one role by the position their provider gives, and the rest by key, so that ids are stable. */
function numbered(files: readonly File[]): readonly { readonly file: File; readonly number: number }[] {
  const taken = new Map<string, Set<number>>();
  const sorted = [...files].sort(
    (left, right) =>
      (left.index ?? Number.POSITIVE_INFINITY) - (right.index ?? Number.POSITIVE_INFINITY) ||
      (left.key < right.key ? -1 : left.key > right.key ? 1 : 0),
  );
  return sorted.map((file) => {
    const used = taken.get(file.role) ?? new Set<number>();
    taken.set(file.role, used);
    let number = file.index !== undefined && file.index >= 0 && file.index < mostFiles ? Math.floor(file.index) : 0;
    while (used.has(number)) number++;
    used.add(number);
    return { file, number };
  });
}

/** A file is known to have expired once anything arrived after its expiry: the record holds no other clock. */
function stateOf(
  { absent, expiresAt, gone }: File,
  transfer: Transfer | undefined,
  { latest, discarded }: { readonly latest: string; readonly discarded: boolean },
): ArtifactState {
  if (transfer?.state === 'stored') return 'stored';
  if (transfer?.state === 'empty') return 'missing';
  if (absent) return absent;
  if (discarded) return 'deleted';
  if (expiresAt !== undefined && expiresAt < latest) return 'expired';
  return gone ? 'missing' : 'available';
}

function artifactOf(
  file: File,
  id: string,
  partId: string,
  state: ArtifactState,
  transfer: Transfer | undefined,
): Artifact {
  const { key, uri, role, container, mediaType, expiresAt, tracks } = file;
  const facts = {
    container,
    mediaType,
    bytes: transfer?.bytes ?? file.bytes,
    sha256: transfer?.sha256,
    durationMs: transfer?.durationMs ?? file.durationMs,
    channels: transfer?.channels ?? file.channels,
    sampleRateHz: transfer?.sampleRateHz,
    codec: transfer?.codec,
    expiresAt,
    side: file.side,
    released: file.released,
    problem: breakOffOf(transfer)?.problem,
  };
  return {
    id,
    mediaKey: key,
    partId,
    role,
    state,
    location: state === 'stored' ? (transfer?.uri ?? uri) : uri,
    source: uri,
    ...dropUndefined(facts),
    tracks: tracks ?? [],
  };
}

/** How a file breaks off that was taken as it is, or given up because nothing is in it; not before that is done. */
export function breakOffOf(transfer: Transfer | undefined): BreakOff | undefined {
  const isDone = transfer?.state === 'stored' || transfer?.state === 'empty';
  return isDone && transfer.brokenOff?.final ? transfer.brokenOff : undefined;
}

/** Files that were made from another one: the journal alone knows of them. */
function copiesOf(master: Artifact, transfers: readonly Transfer[]): readonly Artifact[] {
  return transfers.flatMap((transfer) => {
    const { derivedFrom, mediaKey, uri, state } = transfer;
    if (derivedFrom !== master.mediaKey || uri === undefined) return [];
    const { bytes, sha256, durationMs, channels, sampleRateHz, codec } = transfer;
    const { partId, container, tracks } = master;
    const facts = { container, bytes, sha256, durationMs, channels, sampleRateHz, codec };
    return {
      id: repairedId(master.id),
      mediaKey,
      partId,
      role: 'derived',
      state: state === 'stored' ? 'stored' : 'pending',
      location: uri,
      source: uri,
      ...dropUndefined(facts),
      tracks,
      derivedFrom: master.id,
    };
  });
}

/** The id of the repaired copy of a file. */
export function repairedId(artifactId: string): string {
  return `${artifactId}-repaired`;
}

function dropUndefined<T extends object>(value: T): T {
  const copy = { ...value };
  for (const name in copy) if (copy[name] === undefined) delete copy[name];
  return copy;
}
