import type { Command } from '../commands/command.ts';
import { correlationOf, type Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { PartSnapshot } from '../session/snapshot.ts';
import { normalTime } from './normal-report.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Milliseconds of an ended part that were captured beyond doubt: from the arrival of the proof that capture was on to
 * the moment our request to hold or end it left, or, where it ended by itself, to the last sight of capture. Pauses
 * that the file leaves out are left out here. Undefined when capture was never proven. All times are of our clock; an
 * end that its provider timed can only shorten the result, since a service may still be busy with what ended before.
 */
export function confirmedCaptureMs(record: SessionRecord, part: PartSnapshot): number | undefined {
  const correlation = correlationOf(record.id, part.id);
  const reports = record.reports.filter(
    ({ subject }) => 'correlation' in subject && subject.correlation === correlation,
  );
  const spans = capturedSpans(record, reports, part.id);
  if (spans.length === 0) return undefined;
  const silent = record.pauseEffect === 'silence';
  const pauses = silent ? [] : pausesOf(record, part.id);
  return Math.round(spans.reduce((sum, span) => sum + lengthWithout(span, pauses), 0));
}

function capturedSpans(record: SessionRecord, reports: readonly Report[], partId: string): readonly Span[] {
  const spans: Span[] = [];
  const sights = sightsOf(reports);
  let since: number | undefined;
  const close = (at: number) => {
    if (since !== undefined) spans.push({ from: since, to: Math.max(since, at) });
    since = undefined;
  };
  for (const { id, state, provenBy, at } of record.snapshot.commands) {
    const command = record.commands.find((other) => other.id === id && other.partId === partId);
    if (!command || state === 'refused') continue;
    const effect = effectOf(command, record);
    if (effect === 'capture' && state === 'confirmed') {
      const proven = reports.find(({ reportId }) => reportId === provenBy)?.receivedAt ?? at;
      if (proven !== undefined) since ??= Date.parse(proven);
    }
    if (effect === 'end' && command.firstSentAt !== undefined) {
      close(Math.min(Date.parse(command.firstSentAt), sights.overBy));
    }
  }
  if (since !== undefined) close(sights.capturedUntil ?? since);
  return spans;
}

function effectOf({ sends, kind }: Command, record: SessionRecord): 'capture' | 'end' | 'none' {
  const silent = record.pauseEffect === 'silence';
  switch (sends) {
    case 'start':
      return kind === 'start' && record.startPaused ? 'none' : 'capture';
    case 'resume':
      return silent ? 'none' : 'capture';
    case 'pause':
      return silent ? 'none' : 'end';
    default:
      return 'end';
  }
}

interface Sights {
  /** The last moment at which capture was surely on, where its end was not ours. */
  readonly capturedUntil: number | undefined;
  /** Not later than this it was over, whatever our requests did. */
  readonly overBy: number;
}

/** Only what is told at once tells when: a push may be hours late, and an answer tells of an end long past. */
function sightsOf(reports: readonly Report[]): Sights {
  let seen: number | undefined;
  let hungUp: number | undefined;
  let overBy = Number.POSITIVE_INFINITY;
  let byItself = false;
  for (const report of reports) {
    const received = Date.parse(report.receivedAt);
    const { capturing, ended, endReason } = report.seen;
    if (capturing === true && report.via !== 'push') seen = Math.max(seen ?? received, received);
    if (endReason === 'call-ended' || endReason === 'limit-reached') byItself = true;
    if (ended !== true) continue;
    const told = Date.parse((report.clock.domain !== 'none' && normalTime(report.clock.at)) || report.receivedAt);
    overBy = Math.min(overBy, told, received);
    if (report.via === 'turn') hungUp = Math.min(hungUp ?? received, received);
  }
  const capturedUntil = hungUp ?? seen;
  return { capturedUntil, overBy: byItself ? Math.min(overBy, capturedUntil ?? overBy) : overBy };
}

function pausesOf(record: SessionRecord, partId: string): readonly Span[] {
  return record.snapshot.pauses
    .filter((pause) => pause.partId === partId && pause.effect === 'omitted')
    .map(({ from, to }) => ({
      from: Date.parse(from),
      to: to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
    }));
}

function lengthWithout(span: Span, pauses: readonly Span[]): number {
  let length = span.to - span.from;
  for (const { from, to } of pauses) length -= Math.max(0, Math.min(to, span.to) - Math.max(from, span.from));
  return Math.max(0, length);
}
