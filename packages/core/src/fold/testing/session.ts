import type { Command, CommandKind } from '../../commands/command.ts';
import { correlationOf, type Report, type Seen } from '../../report/report.ts';
import { type PartRecord, type SessionRecord, sessionSchema } from '../../session/record.ts';

export const sessionId = '00000000-0000-7000-8000-000000000000';
export const call = { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} } as const;

/** A moment of the test's day, from seconds. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
}

/** A command recorded and accepted at `seconds`; its id is `c<ordinal>`. */
export function command(ordinal: number, kind: CommandKind, seconds: number, more: Partial<Command> = {}): Command {
  const time = at(seconds);
  return {
    id: `c${ordinal}`,
    ordinal,
    kind,
    sends: kind,
    partId: 'p1',
    recordedAt: time,
    token: `token-${ordinal}`,
    firstSentAt: time,
    acceptedAt: time,
    ...more,
  };
}

interface ReportOptions {
  readonly id?: string;
  readonly part?: string;
  readonly clock?: Report['clock'];
}

let reports = 0;

function report(
  seen: Seen,
  seconds: number,
  via: Report['via'],
  cause: Report['cause'],
  { id, part = 'p1', clock = { domain: 'none' } }: ReportOptions = {},
): Report {
  const subject = { correlation: correlationOf(sessionId, part) };
  return { reportId: id ?? `r${++reports}`, subject, seen, cause, clock, via, receivedAt: at(seconds) };
}

/** A report tied to a command. */
export function tied(
  commandId: string,
  seen: Seen,
  seconds: number,
  options: ReportOptions & { via?: Report['via'] } = {},
) {
  return report(seen, seconds, options.via ?? 'push', { commandId }, options);
}

/** A read-back sent after the command with this ordinal was accepted. */
export function polled(asOfOrdinal: number, seen: Seen, seconds: number, options: ReportOptions = {}): Report {
  return report(seen, seconds, 'poll', { asOfOrdinal }, options);
}

/** An event that names no command; `clockAt`: seconds on the provider's clock, if it says. */
export function pushed(seen: Seen, seconds: number, options: ReportOptions & { clockAt?: number } = {}): Report {
  const { clockAt, ...rest } = options;
  const clock = clockAt === undefined ? {} : { clock: { domain: 'provider:x', at: at(clockAt) } as const };
  return report(seen, seconds, 'push', { unattributed: true }, { ...clock, ...rest });
}

export function part(ordinal: number): PartRecord {
  const kind = ordinal === 1 ? 'leg' : 'segment';
  return { id: `p${ordinal}`, ordinal, kind, call, handle: `h${ordinal}`, keys: [], createdAt: at(0) };
}

/** A record of one part, with nothing in it but what is given. */
export function session(more: Partial<SessionRecord> = {}): SessionRecord {
  return {
    schema: sessionSchema,
    id: sessionId,
    revision: 1,
    provider: 'main',
    deployment: 'test',
    labels: {},
    idempotencyKey: 'key',
    requestDigest: 'digest',
    call,
    output: { media: 'audio', layout: 'mixed', container: 'wav' },
    startPaused: false,
    emulate: [],
    archive: { mode: 'none' },
    createdAt: at(0),
    parts: [part(1)],
    commands: [],
    reports: [],
    expectations: [],
    transfers: [],
    snapshot: {
      state: 'requested',
      history: [],
      parts: [],
      commands: [],
      pauses: [],
      artifacts: [],
      verdict: 'pending',
      emulated: [],
      anomalies: [],
    },
    outbox: [],
    sequence: 0,
    ...more,
  };
}
