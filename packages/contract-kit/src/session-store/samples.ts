import { createSession, type Report, type SessionRecord, timestamp } from '@onrecord/core';

/** Noon of 5 January 2026, UTC: the time at which every sample was made. */
export const NOON: number = Date.parse('2026-01-05T12:00:00.000Z');

export const at = (offsetMs: number): string => timestamp(NOON + offsetMs);

/** The nth session id of a case; ids and calls differ, all else is alike. */
export function sessionId(ordinal: number): string {
  return `01890000-0000-7000-8000-${ordinal.toString(16).padStart(12, '0')}`;
}

/** A session just asked for, due at once. */
export function sampleRecord(ordinal: number): SessionRecord {
  return createSession(
    {
      id: sessionId(ordinal),
      provider: 'main',
      deployment: 'kit',
      call: {
        kind: 'azure.server-call',
        provider: 'main',
        key: `call-${ordinal}`,
        data: { serverCallId: `s-${ordinal}` },
      },
      output: { media: 'audio', layout: 'mixed', container: 'wav' },
      idempotencyKey: `key-${ordinal}`,
      commandId: sessionId(0x1000 + ordinal),
      token: sessionId(0x2000 + ordinal),
    },
    NOON,
  );
}

/** The nth report, about nothing in particular. */
export function sampleReport(ordinal: number): Report {
  return {
    reportId: `report-${ordinal}`,
    subject: { providerKey: 'recording-1' },
    seen: { capturing: true },
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: at(ordinal),
  };
}
