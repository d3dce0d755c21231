import { digestOf } from '../engine/ids.ts';
import type { Report } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import { isFinalized } from './finalize-parts.ts';
import { awaitedFileMs } from './intervals.ts';
import { type Look, landedFiles } from './landed-files.ts';
import { observation } from './observation.ts';
import type { WorkerContext } from './worker-options.ts';

/** Puts the tenth file behind the ninth. */
const byName = new Intl.Collator('en', { numeric: true });

/** How the place of several files is looked at. */
export interface SeveralWait {
  /** Milliseconds until the first look; 0 once its time has come. */
  readonly leastMs: number;
  readonly intervalMs: number;
}

/**
 * When to look for the several files of a part; undefined while it runs, where none are expected, once they were told, and
 * once its driver has finished it, which then knew of all of them. Usually that comes before the first look.
 *
 * A session that was completed by some of them is looked at until a missing file would be lost.
 */
export function severalWait(
  { clock, intervals }: WorkerContext,
  record: SessionRecord,
  part: PartRecord,
): SeveralWait | undefined {
  if (isFinalized(part) || part.facts?.['landed'] === true || record.snapshot.state === 'failed') return undefined;
  const own = record.expectations.filter(({ partId }) => partId === part.id);
  if (own.length > 0 && own.every(({ state }) => state === 'none')) return undefined;
  const over = overSince(record, part);
  if (over === undefined) return undefined;
  if (record.snapshot.state === 'completed' && clock.now() >= over + intervals.lostAfterMs) return undefined;
  return {
    leastMs: Math.max(0, over + intervals.quietMs - clock.now()),
    intervalMs: Math.max(awaitedFileMs(intervals, over, clock.now()), intervals.quietMs / 4),
  };
}

/** Since when nothing more is captured (epoch ms), or nobody can tell, because its start was given up. */
function overSince(record: SessionRecord, part: PartRecord): number | undefined {
  const { endedAt } = record.snapshot.parts.find(({ id }) => id === part.id) ?? {};
  const start = record.commands.find(({ partId, sends }) => partId === part.id && sends === 'start');
  const since = endedAt ?? start?.timedOutAt;
  return since === undefined ? undefined : Date.parse(since);
}

/**
 * Notes what lies at the place of several files, and tells those that nobody has told of once it has not changed for a
 * while. The note stands in the record, so that whichever worker looks next goes by it; both times are ours, because a
 * store's clock may be another.
 */
export function landedTogether(
  context: WorkerContext,
  record: SessionRecord,
  { part, expected, found }: Look,
): Report | undefined {
  const { clock, intervals } = context;
  const nowMs = clock.now();
  const place = expected.prefix ?? '';
  const listing = digestOf(found.map(({ uri, etag }) => [uri, etag]));
  const note = observation(record, part.id, { what: ['listed', place, listing], seen: {}, nowMs });
  const noted = record.reports.find(({ reportId }) => reportId === note.reportId);
  if (!noted) return note;
  if (nowMs < Date.parse(noted.receivedAt) + intervals.quietMs) return undefined;
  const told = new Set(record.reports.flatMap(({ seen }) => seen.media ?? []).map(({ uri }) => uri));
  const inOrder = [...found].sort((left, right) => byName.compare(left.uri, right.uri));
  const media = landedFiles(context, record, expected, inOrder).filter(({ uri }) => !told.has(uri));
  const seen = { ...(media.length > 0 ? { media } : {}), facts: { landed: true } };
  return observation(record, part.id, { what: ['landed', place], seen, nowMs });
}
