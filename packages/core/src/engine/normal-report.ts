import { timestamp } from '../clock.ts';
import { withoutSecrets } from '../errors/index.ts';
import type { MediaSighting, PauseSighting, Report, Seen } from '../report/report.ts';

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A time as it is stored (RFC 3339, UTC, milliseconds); undefined when it is none. Azure sends seven digits. */
export function normalTime(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  return canonical.test(text) ? text : timestamp(ms);
}

/**
 * A report whose times can be compared as text. A time that is none is left out rather than the report: what was seen
 * is true all the same. Returns the report itself when there is nothing to change.
 */
export function normalReport(report: Report, nowMs: number): Report {
  const receivedAt = normalTime(report.receivedAt) ?? timestamp(nowMs);
  const clock = normalClock(report.clock);
  const seen = normalSeen(report.seen);
  if (receivedAt === report.receivedAt && clock === report.clock && seen === report.seen) return report;
  return { ...report, receivedAt, clock, seen };
}

function normalClock(clock: Report['clock']): Report['clock'] {
  if (clock.at === undefined) return clock;
  const at = normalTime(clock.at);
  if (at === clock.at) return clock;
  const { at: _, ...rest } = clock;
  return at === undefined ? rest : { ...rest, at };
}

function normalSeen(seen: Seen): Seen {
  const media = mapChanged(seen.media, normalSighting);
  const pauses = mapChanged(seen.pauses, normalPause);
  const anomaly = normalAnomaly(seen.anomaly);
  if (media === seen.media && pauses === seen.pauses && anomaly === seen.anomaly) return seen;
  return { ...seen, ...(media ? { media } : {}), ...(pauses ? { pauses } : {}), ...(anomaly ? { anomaly } : {}) };
}

/** It is stored, and told in events. */
function normalAnomaly(anomaly: Seen['anomaly']): Seen['anomaly'] {
  if (!anomaly) return undefined;
  const message = withoutSecrets(anomaly.message);
  return message === anomaly.message ? anomaly : { ...anomaly, message };
}

function normalSighting(sighting: MediaSighting): MediaSighting {
  if (sighting.expiresAt === undefined) return sighting;
  const expiresAt = normalTime(sighting.expiresAt);
  if (expiresAt === sighting.expiresAt) return sighting;
  const { expiresAt: _, ...rest } = sighting;
  return expiresAt === undefined ? rest : { ...rest, expiresAt };
}

function normalPause(pause: PauseSighting): PauseSighting | undefined {
  const from = normalTime(pause.from);
  if (from === undefined || !Number.isFinite(pause.durationMs) || pause.durationMs < 0) return undefined;
  return from === pause.from ? pause : { ...pause, from };
}

/** The same list where nothing changes; what maps to undefined is dropped. */
function mapChanged<T>(items: readonly T[] | undefined, change: (item: T) => T | undefined): readonly T[] | undefined {
  if (!items) return undefined;
  const next = items.map(change);
  if (next.every((item, index) => item === items[index])) return items;
  return next.filter((item) => item !== undefined);
}
