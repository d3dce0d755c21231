import type { SessionRecord } from '@onrecord/core';

/** A record as the engine writes it before a start leaves; `changes` replace members. */
export function sessionRecord(id: string, changes: Partial<SessionRecord> = {}): SessionRecord {
  const call = { kind: 'test.call', provider: 'main', key: `call-${id}`, data: {} } as const;
  return {
    schema: 'onrecord.session/v1',
    id,
    revision: 0,
    provider: 'main',
    deployment: 'default',
    labels: {},
    idempotencyKey: `test.call:${id}#1`,
    requestDigest: 'digest',
    call,
    output: { media: 'audio', layout: 'mixed', container: 'wav' },
    startPaused: false,
    emulate: [],
    archive: { mode: 'none' },
    createdAt: '2026-01-05T09:00:00.000Z',
    parts: [{ id: 'p1', ordinal: 1, kind: 'leg', call, keys: [], createdAt: '2026-01-05T09:00:00.000Z' }],
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
    ...changes,
  };
}
