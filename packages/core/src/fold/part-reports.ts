import { correlationOf, type Report } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';

/**
 * The set of reports of each part, in an order that depends on the set alone (arrival, then id), so that "the first
 * that …" means the same in every process. A report id counts once; of two deliveries the earlier one stands.
 */
export function reportsByPart(record: SessionRecord): ReadonlyMap<string, readonly Report[]> {
  const sorted = [...record.reports].sort(byArrival);
  const byPart = new Map<string, Report[]>(record.parts.map(({ id }) => [id, []]));
  const byCorrelation = new Map(record.parts.map(({ id }) => [correlationOf(record.id, id), byPart.get(id)]));
  const seen = new Set<string>();
  for (const report of sorted) {
    if (seen.has(report.reportId)) continue;
    seen.add(report.reportId);
    const { subject } = report;
    const own =
      'correlation' in subject
        ? byCorrelation.get(subject.correlation)
        : byPart.get(partKeyed(record, report, subject.providerKey)?.id ?? '');
    own?.push(report);
  }
  return byPart;
}

function byArrival(left: Report, right: Report): number {
  if (left === right) return 0;
  if (left.receivedAt !== right.receivedAt) return left.receivedAt < right.receivedAt ? -1 : 1;
  if (left.reportId !== right.reportId) return left.reportId < right.reportId ? -1 : 1;
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

function partKeyed(record: SessionRecord, { cause }: Report, key: string): PartRecord | undefined {
  const keyed = record.parts.find(({ keys }) => keys.includes(key));
  if (keyed) return keyed;
  if ('commandId' in cause) {
    const command = record.commands.find(({ id }) => id === cause.commandId);
    if (command) return record.parts.find(({ id }) => id === command.partId);
  }
  return record.parts.length === 1 ? record.parts[0] : undefined;
}
