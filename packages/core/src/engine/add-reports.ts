import { correlationOf, parseCorrelation, type Report } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import { condenseReports } from './condense-reports.ts';
import { normalReport } from './normal-report.ts';
import { refold } from './refold.ts';

/** A changed record, and the provider keys that now lead to it. */
export interface Change {
  readonly record: SessionRecord;
  readonly addKeys: readonly string[];
}

/**
 * Adds observations to the set; those already in it change nothing. A report that names its part by a provider key is
 * stored under the part's correlation; one that names no part of this session is ignored. Polls that say nothing new
 * are not kept for long (see {@link condenseReports}).
 */
export function addReports(record: SessionRecord, reports: readonly Report[], nowMs: number): Change {
  const known = new Set(record.reports.map(({ reportId }) => reportId));
  const fresh: Report[] = [];
  const addKeys = new Set<string>();
  let parts = record.parts;
  for (const given of reports) {
    if (known.has(given.reportId)) continue;
    const report = normalReport(given, nowMs);
    const part = partNamed(record, parts, report);
    if (!part) continue;
    known.add(report.reportId);
    fresh.push({ ...report, subject: { correlation: correlationOf(record.id, part.id) } });
    const { handle, providerKeys = [], facts } = report.seen;
    for (const key of providerKeys) addKeys.add(key);
    if (handle !== undefined || providerKeys.length > 0 || facts) {
      parts = parts.map((other) =>
        other.id === part.id
          ? {
              ...other,
              ...(handle === undefined ? {} : { handle }),
              ...(facts ? { facts: { ...other.facts, ...facts } } : {}),
              keys: [...new Set([...other.keys, ...providerKeys])],
            }
          : other,
      );
    }
  }
  if (fresh.length === 0) return { record, addKeys: [] };
  const next = { ...record, parts, reports: condenseReports([...record.reports, ...fresh]) };
  return { record: refold(next, record, nowMs), addKeys: [...addKeys] };
}

/** Notes more names by which later events will tell of a part. */
export function learnKeys(record: SessionRecord, partId: string, keys: readonly string[]): Change {
  const parts = record.parts.map((part) =>
    part.id === partId && keys.some((key) => !part.keys.includes(key))
      ? { ...part, keys: [...new Set([...part.keys, ...keys])] }
      : part,
  );
  if (parts.every((part, index) => part === record.parts[index])) return { record, addKeys: [] };
  return { record: { ...record, parts }, addKeys: keys };
}

function partNamed(record: SessionRecord, parts: readonly PartRecord[], report: Report): PartRecord | undefined {
  const { subject } = report;
  if ('providerKey' in subject) return parts.find(({ keys }) => keys.includes(subject.providerKey));
  const named = parseCorrelation(subject.correlation);
  return named?.sessionId === record.id ? parts.find(({ id }) => id === named.partId) : undefined;
}
