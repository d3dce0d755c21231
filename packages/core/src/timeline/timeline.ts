import { OnRecordError } from '../errors/index.ts';
import type { PartSnapshot, PauseInterval, Precision, SessionSnapshot } from '../session/snapshot.ts';
import { type Span, spansOf } from './spans.ts';

/** A moment in the media of one part. */
export interface MediaTime {
  readonly partId: string;
  /** Milliseconds from the first sample of the part's file. */
  readonly ms: number;
  /** The least exact of the times it was computed from: the start, and every pause before it that was cut out. */
  readonly precision: Precision;
  /** The file runs on here, in silence: a pause that takes media time. */
  readonly silent?: true | undefined;
}

/** A moment of which no file holds anything. */
export interface Gap {
  /** Before the first part, in a pause, between parts without one, or after the last part. */
  readonly gap: 'before' | 'paused' | 'between' | 'after';
  /** Of the times that bound it, the least exact. */
  readonly precision: Precision;
}

export interface WallTime {
  /** RFC 3339. */
  readonly at: string;
  readonly precision: Precision;
}

/**
 * Maps moments of the call to moments in its files and back. Where a pause was cut out, the sample after it belongs to
 * the moment of resumption. Always `mediaTime(wallTime(m))` is `m`; `wallTime(mediaTime(w))` is `w` outside gaps.
 */
export interface Timeline {
  /**
   * @param wall RFC 3339, or milliseconds since the epoch.
   * @param options.partId only this part: for parts that overlap. Default: the first that holds the moment.
   * @throws OnRecordError `invalid-request` when `wall` is no time.
   */
  mediaTime(wall: string | number, options?: { readonly partId?: string | undefined }): MediaTime | Gap;
  /** Undefined when the part holds no such moment. */
  wallTime(media: { readonly partId: string; readonly ms: number }): WallTime | undefined;
  /** Milliseconds that the file of a part should last; undefined while the part lasts or when it never captured. */
  durationMs(partId: string): number | undefined;
}

interface Part {
  readonly id: string;
  readonly from: number;
  /** Infinite while it lasts. */
  readonly to: number;
  readonly startPrecision: Precision;
  readonly spans: readonly Span[];
  readonly pauses: readonly PauseInterval[];
}

/** The timeline of a session as known now: exact moments move it when they become known. */
export function timelineOf(snapshot: Pick<SessionSnapshot, 'parts' | 'pauses'>): Timeline {
  const parts = snapshot.parts.flatMap((part) => placed(part, snapshot.pauses));
  return {
    mediaTime(wall, { partId } = {}) {
      const at = typeof wall === 'number' ? wall : Date.parse(wall);
      if (Number.isNaN(at)) throw new OnRecordError('invalid-request', `"${wall}" is no time.`);
      const candidates = partId === undefined ? parts : parts.filter(({ id }) => id === partId);
      for (const part of candidates) {
        const span = part.spans.find(({ from, to }) => from <= at && at < to);
        if (!span) continue;
        const ms = span.mediaFrom + at - span.from;
        return { partId: part.id, ms, precision: span.precision, ...(span.silent ? { silent: true } : {}) };
      }
      return gapAt(at, candidates, snapshot.pauses);
    },
    wallTime({ partId, ms }) {
      const spans = parts.find(({ id }) => id === partId)?.spans ?? [];
      const span = spans.find(({ from, to, mediaFrom }) => mediaFrom <= ms && ms < mediaFrom + (to - from));
      return span && { at: new Date(span.from + ms - span.mediaFrom).toISOString(), precision: span.precision };
    },
    durationMs(partId) {
      const part = parts.find(({ id }) => id === partId);
      if (!part || part.to === Number.POSITIVE_INFINITY) return undefined;
      return part.spans.reduce((sum, { from, to }) => sum + (to - from), 0);
    },
  };
}

function placed(
  { id, startedAt, endedAt, startPrecision }: PartSnapshot,
  pauses: readonly PauseInterval[],
): readonly Part[] {
  if (startedAt === undefined) return [];
  const from = Date.parse(startedAt);
  const to = endedAt === undefined ? Number.POSITIVE_INFINITY : Math.max(from, Date.parse(endedAt));
  const own = pauses.filter(({ partId, effect }) => partId === id && effect !== 'segmented');
  const start = startPrecision ?? 'requested';
  return [{ id, from, to, startPrecision: start, spans: spansOf({ from, to, precision: start }, own), pauses: own }];
}

function gapAt(at: number, parts: readonly Part[], pauses: readonly PauseInterval[]): Gap {
  const paused = pauses.find(({ from, to }) => Date.parse(from) <= at && (to === undefined || at < Date.parse(to)));
  if (paused) return { gap: 'paused', precision: paused.precision };
  const first = parts[0];
  if (!first || at < Math.min(...parts.map(({ from }) => from))) {
    return { gap: 'before', precision: first?.startPrecision ?? 'requested' };
  }
  const over = parts.every(({ to }) => to <= at);
  return { gap: over ? 'after' : 'between', precision: 'confirmed' };
}
