import { correlationOf, parseCorrelation, type Report } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import { refold } from './refold.ts';

/** A changed record, and the provider keys that now lead to it. */
export interface Change {
  readonly record: SessionRecord;
  readonly addKeys: readonly string[];
}

/**
 * Adds observations to the set; those already in it change nothing. A report that names its part by a provider key is
 * stored under the part's correlation; one that names no part of this session is ignored.
 */
export function addReports(record: SessionRecord, reports: readonly Report[], nowMs: number): Change {
  const known = new Set(record.reports.map(({ reportId }) => reportId));
  const fresh: Report[] = [];
  const addKeys = new Set<string>();
  let parts = record.parts;
  for (const report of reports) {
    if (known.has(report.reportId)) continue;
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
  const next = { ...record, parts, reports: [...record.reports, ...fresh] };
  return { record: refold(next, record, nowMs), addKeys: [...addKeys] };
}

function partNamed(record: SessionRecord, parts: readonly PartRecord[], report: Report): PartRecord | undefined {
  const { subject } = report;
  if ('providerKey' in subject) return parts.find(({ keys }) => keys.includes(subject.providerKey));
  const named = parseCorrelation(subject.correlation);
  return named?.sessionId === record.id ? parts.find(({ id }) => id === named.partId) : undefined;
}
