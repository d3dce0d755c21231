import type { Report } from '../report/report.ts';

/**
 * Drops polls that say nothing new, so that a record does not grow with the length of a recording. Of the polls of one
 * part that are equal in everything but id and arrival, the first and the last to arrive are kept: the fold looks for
 * the first or the last report with some property, or for the latest arrival, and equal polls share every property.
 * Polls that tell more than capture, end and an anomaly, or that carry a provider's own clock, are all kept.
 *
 * Returns the list itself when there is nothing to drop.
 */
export function condenseReports(reports: readonly Report[]): readonly Report[] {
  const kinds = new Map<string, Report[]>();
  for (const report of reports) {
    const kind = repeatable(report);
    if (kind === undefined) continue;
    const equal = kinds.get(kind);
    if (equal) equal.push(report);
    else kinds.set(kind, [report]);
  }
  const dropped = new Set<Report>();
  for (const equal of kinds.values()) {
    if (equal.length < 3) continue;
    let first = equal[0]!;
    let last = first;
    for (const report of equal) {
      if (arrivedBefore(report, first)) first = report;
      if (arrivedBefore(last, report)) last = report;
    }
    for (const report of equal) if (report !== first && report !== last) dropped.add(report);
  }
  return dropped.size === 0 ? reports : reports.filter((report) => !dropped.has(report));
}

const plain: ReadonlySet<string> = new Set(['capturing', 'ended', 'endReason', 'anomaly']);

/** What makes two polls equal; undefined for a report that is never repeated or never dropped. */
function repeatable({ via, seen, cause, clock, subject }: Report): string | undefined {
  if (via !== 'poll' || !('asOfOrdinal' in cause) || !('correlation' in subject)) return undefined;
  if (clock.domain !== 'none' && clock.domain !== 'ours') return undefined;
  if (clock.sequence !== undefined) return undefined;
  for (const name in seen) if (!plain.has(name)) return undefined;
  const { capturing, ended, endReason, anomaly } = seen;
  const told = anomaly && `${anomaly.code} ${anomaly.message}`;
  return [subject.correlation, cause.asOfOrdinal, clock.domain, capturing, ended, endReason, told].join(' ');
}

/** The order in which the fold reads reports: arrival, then id. */
function arrivedBefore(left: Report, right: Report): boolean {
  if (left.receivedAt !== right.receivedAt) return left.receivedAt < right.receivedAt;
  return left.reportId < right.reportId;
}
