import { timestamp } from '../clock.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';

/**
 * Who brings a part up to date with who is on its call, and until when at most (RFC 3339). No command is sent to the
 * part meanwhile: a track that begins while a pause is on its way would record what nobody may. Stored with the part.
 */
export interface Following {
  readonly by: string;
  readonly until: string;
}

interface FollowedPart extends PartRecord {
  readonly following?: Following | undefined;
}

/** Who follows a part now; undefined where nobody does, or whoever did is taken for dead. */
export function followingOf(record: SessionRecord, partId: string, nowMs: number): Following | undefined {
  const part: FollowedPart | undefined = record.parts.find(({ id }) => id === partId);
  return part?.following && part.following.until > timestamp(nowMs) ? part.following : undefined;
}

/** The record with the part in the hands of `by` until then. */
export function followedBy(record: SessionRecord, partId: string, by: string, untilMs: number): SessionRecord {
  return change(record, partId, (part): FollowedPart => ({ ...part, following: { by, until: timestamp(untilMs) } }));
}

/** The record with the part in nobody's hands, if it was in those of `by`. */
export function followedNoMore(record: SessionRecord, partId: string, by: string): SessionRecord {
  return change(record, partId, (part: FollowedPart) => {
    if (part.following?.by !== by) return part;
    const { following: _, ...free } = part;
    return free;
  });
}

function change(record: SessionRecord, partId: string, next: (part: PartRecord) => PartRecord): SessionRecord {
  const parts = record.parts.map((part) => (part.id === partId ? next(part) : part));
  return parts.every((part, index) => part === record.parts[index]) ? record : { ...record, parts };
}
