import { commit, memorySessionStore, recordCommand } from '@onrecord/core';
import { expect, test } from 'vitest';
import { handCall, legA } from '../../testing/hand-call.ts';
import { smaLeg } from '../call-ref.ts';
import type { RecordOp } from './op.ts';
import { saveOps } from './save-ops.ts';

const base = Date.parse('2026-01-05T09:00:00.000Z');
const session = '0193b1a2-0000-7000-8000-000000000001';
const context = {
  store: memorySessionStore(),
  provider: 'main',
  deployment: 'test',
  landing: { bucket: 'recordings', prefix: 'calls' },
  archive: { mode: 'in-place' },
} as const;

function op(sequence: number, command: string, own: object): RecordOp {
  return { session, command, sequence, at: base + sequence * 1_000, ...own } as RecordOp;
}

test('a pause that was carried out beside a command of another process, and cannot be recorded, is told', async () => {
  const { details } = handCall({ onCall: () => {} });
  const event = {
    SchemaVersion: '1.0',
    Sequence: 1,
    InvocationEventType: 'CALL_ANSWERED',
    CallDetails: { ...details, Participants: [legA] },
  } as const;
  const call = smaLeg(event, 'LEG-A', { provider: 'main' });
  const output = { media: 'audio', layout: 'separate', container: 'wav' };
  await saveOps(context, [
    op(1, 'start', { op: 'create', call, output, ordinal: 1 }),
    op(1, 'start', { op: 'send', kind: 'start' }),
    op(2, 'start', { op: 'seen', what: 'start' }),
  ]);
  await commit(context.store, session, (record) => {
    const recorded = recordCommand(record, { kind: 'pause', commandId: 'theirs', token: 't' }, base + 3_000);
    if (recorded.kind !== 'recorded') throw new Error(recorded.kind);
    return { record: recorded.record, addKeys: [] };
  });
  const verdict = await saveOps(context, [
    op(4, 'ours', { op: 'send', kind: 'pause' }),
    op(5, 'ours', { op: 'seen', what: 'pause' }),
  ]);
  expect(verdict).toEqual({ is: 'wait' });
  const stored = await context.store.load(session);
  expect(stored?.snapshot.anomalies).toEqual([
    expect.objectContaining({ code: 'contradiction', message: expect.stringContaining('its pauses are not complete') }),
  ]);
});
