import type { Report } from '../report/report.ts';
import type { PartStep } from './part-step.ts';

/** A change that no command explains. */
export interface FreeChange {
  readonly capturing: boolean;
  /** It happened after the command with this ordinal took effect. */
  readonly after: number;
  readonly domain: string;
  readonly report: Report;
}

export interface ClockOrder {
  /** The earliest command whose effect a report can show, judged by its provider's clock alone. */
  readonly earliest: ReadonlyMap<Report, number>;
  /** In the order of their clock. */
  readonly free: readonly FreeChange[];
}

const none: ClockOrder = { earliest: new Map(), free: [] };

/**
 * Orders observations by the clock or sequence of their provider, each domain for itself, and derives how far the
 * commands must have come at least: capture changes only by a command, so each change seen on one clock needs a
 * further one. A late duplicate changes nothing, since its time is old. Our own clock stamps arrivals, which order
 * nothing, and is left out.
 */
export function clockOrder(reports: readonly Report[], steps: readonly PartStep[]): ClockOrder {
  const domains = new Map<string, Report[]>();
  for (const report of reports) {
    const { domain, at, sequence } = report.clock;
    if (report.seen.capturing === undefined || domain === 'none' || domain === 'ours') continue;
    if (at === undefined && sequence === undefined) continue;
    const own = domains.get(domain);
    if (own) own.push(report);
    else domains.set(domain, [report]);
  }
  if (domains.size === 0) return none;
  const earliest = new Map<Report, number>();
  const free: FreeChange[] = [];
  for (const [domain, own] of [...domains].sort(([left], [right]) => (left < right ? -1 : 1))) {
    walk(domain, own, steps, earliest, free);
  }
  return { earliest, free };
}

function walk(
  domain: string,
  reports: readonly Report[],
  steps: readonly PartStep[],
  earliest: Map<Report, number>,
  free: FreeChange[],
): void {
  let reached = 0;
  let capturing = false;
  for (const group of inOrder(reports)) {
    // Two accounts of one instant: towards capturing.
    const value = group.some(({ seen }) => seen.capturing === true);
    const agreeing = group.filter(({ seen }) => seen.capturing === value);
    const tied = Math.max(0, ...agreeing.map((report) => tiedOrdinal(report, steps)));
    if (tied > reached) reached = tied;
    else if (value !== capturing) {
      const cause = steps.find(
        ({ command, desire, refused }) =>
          command.ordinal > reached && refused === undefined && (desire === 'capture') === value,
      );
      if (cause) reached = cause.command.ordinal;
      else free.push({ capturing: value, after: reached, domain, report: agreeing[0]! });
    }
    capturing = value;
    for (const report of agreeing) earliest.set(report, reached);
  }
}

function tiedOrdinal({ cause, seen }: Report, steps: readonly PartStep[]): number {
  if (!('commandId' in cause)) return 0;
  const step = steps.find(({ command }) => command.id === cause.commandId);
  return step && step.desire !== 'end' && seen.capturing === (step.desire === 'capture') ? step.command.ordinal : 0;
}

/** Groups of equal instants, oldest first: by sequence where every report has one, else by time. */
function inOrder(reports: readonly Report[]): readonly (readonly Report[])[] {
  const bySequence = reports.every(({ clock }) => clock.sequence !== undefined);
  const groups = new Map<number | string, Report[]>();
  for (const report of reports) {
    const key = bySequence ? report.clock.sequence : instant(report.clock.at);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(report);
    else groups.set(key, [report]);
  }
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
}

const canonicalLength = '1970-01-01T00:00:00.000Z'.length;

/** A time as text that sorts: RFC 3339 in UTC with milliseconds. Undefined when it is no time at all. */
export function instant(at: string | undefined): string | undefined {
  if (at === undefined) return undefined;
  if (at.length === canonicalLength && at.endsWith('Z')) return at;
  const parsed = Date.parse(at);
  return Number.isNaN(parsed) ? undefined : new Date(parsed).toISOString();
}
