import type { SessionRecord } from '../session/record.ts';
import type { Artifact } from '../session/snapshot.ts';

/** A file that only its provider has, and that goes by itself. */
export interface ExpiringFile {
  readonly file: Artifact;
  /** When it goes (epoch ms). */
  readonly expiresMs: number;
  /** How long before that, in ms, the last warning so far was meant to be given; infinite before the first. */
  readonly warnedMs: number;
}

/** Files of which nobody has a copy yet and whose provider deletes them by itself. */
export function expiringFiles(record: SessionRecord): readonly ExpiringFile[] {
  return record.snapshot.artifacts.flatMap((file) => {
    const { state, side, expiresAt } = file;
    if (state !== 'available' || side || expiresAt === undefined) return [];
    const fact = record.parts.find(({ id }) => id === file.partId)?.facts?.[warningFact(file)];
    const warnedMs = typeof fact === 'number' ? fact : Number.POSITIVE_INFINITY;
    return [{ file, expiresMs: Date.parse(expiresAt), warnedMs }];
  });
}

/** The fact of a part that says which warnings about a file were given. */
export function warningFact({ mediaKey }: Artifact): string {
  return `expiring/${mediaKey}`;
}

/** Files about which the newer record warns and the older one did not yet. */
export function newlyWarned(before: SessionRecord | undefined, after: SessionRecord): readonly Artifact[] {
  const known = new Map((before ? expiringFiles(before) : []).map(({ file, warnedMs }) => [file.mediaKey, warnedMs]));
  return expiringFiles(after)
    .filter(({ file, warnedMs }) => warnedMs < (known.get(file.mediaKey) ?? Number.POSITIVE_INFINITY))
    .map(({ file }) => file);
}
