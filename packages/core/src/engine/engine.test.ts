import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timestamp } from '../clock.ts';
import { OnRecordError } from '../errors/index.ts';
import { correlationOf, type Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { memorySessionStore } from '../session-store/memory-session-store.ts';
import { addReports } from './add-reports.ts';
import { commit } from './commit.ts';
import { createSession } from './create-session.ts';
import { derivedSessionId, digestOf, newSessionId } from './ids.ts';
import { recordCommand } from './record-command.ts';
import { routeReports } from './route-reports.ts';
import { acceptCommand, markSent, refuseCommand, timeOutCommand } from './settle-command.ts';

const now = Date.parse('2026-01-05T09:00:00.000Z');
const call = { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} } as const;

function session(overrides: Partial<Parameters<typeof createSession>[0]> = {}): SessionRecord {
  const id = newSessionId(now);
  return createSession(
    {
      id,
      provider: 'main',
      deployment: 'test',
      call,
      output: { media: 'audio', layout: 'mixed', container: 'wav' },
      idempotencyKey: id,
      ...overrides,
    },
    now,
  );
}

function report(subject: Report['subject'], reportId: string, seen: Report['seen'], cause?: Report['cause']): Report {
  return {
    reportId,
    subject,
    seen,
    cause: cause ?? { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: timestamp(now),
  };
}

function recording(record: SessionRecord = session()): SessionRecord {
  const command = record.commands[0]!;
  const sent = markSent(record, command.id, now);
  const proof = report(
    { correlation: correlationOf(record.id, 'p1') },
    'started',
    { capturing: true },
    { commandId: command.id },
  );
  return acceptCommand(sent, command.id, { kind: 'done', handle: 'h', providerKeys: ['key-1'], reports: [proof] }, now)
    .record;
}

const uuid = (version: number) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);

test('ids: new ones are UUIDv7 and sort by time, derived ones are UUIDv8 and the same everywhere', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.integer({ min: 0, max: 2 ** 48 - 1 }), (left, right) => {
      const [first, second] = [newSessionId(left), newSessionId(right)];
      expect(first).toMatch(uuid(7));
      if (left < right) expect(first < second).toBe(true);
    }),
  );
  expect(derivedSessionId('d', 'key', 1)).toMatch(uuid(8));
  expect(derivedSessionId('d', 'key', 1)).toBe(derivedSessionId('d', 'key', 1));
  expect(derivedSessionId('d', 'key1', 1)).not.toBe(derivedSessionId('d', 'key', 11));
});

test('a digest does not depend on the order of members, and tells values apart', () => {
  expect(digestOf({ a: 1, b: [1, { c: null }] })).toBe(digestOf({ b: [1, { c: null }], a: 1, d: undefined }));
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      const same = digestOf(left) === digestOf(right);
      const equal = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
      expect(same).toBe(equal);
    }),
  );
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

test('a new session holds its start, its expectation and its first event before anything is sent', () => {
  const record = session();
  expect(record.commands).toMatchObject([{ ordinal: 1, kind: 'start', sends: 'start', partId: 'p1' }]);
  expect(record.commands[0]?.firstSentAt).toBeUndefined();
  expect(record.expectations).toMatchObject([{ partId: 'p1', state: 'expected' }]);
  expect(record.outbox[0]?.event).toMatchObject({
    specversion: '1.0',
    id: `${record.id}/1`,
    type: 'dev.onrecord.recording.requested.v1',
    source: 'onrecord/test/main',
    subject: record.id,
    sequence: '1',
  });
});

test('the same report any number of times, in any grouping, is one report', () => {
  const base = recording();
  const subject = { correlation: correlationOf(base.id, 'p1') };
  const reports = Array.from({ length: 6 }, (_, index) => report(subject, `r${index}`, { capturing: index % 2 === 0 }));
  const whole = addReports(base, reports, now).record.reports;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...reports), { maxLength: 40 }), (sequence) => {
      const record = [...sequence, ...reports].reduce((before, next) => addReports(before, [next], now).record, base);
      expect(new Set(record.reports.map(({ reportId }) => reportId))).toEqual(
        new Set(whole.map(({ reportId }) => reportId)),
      );
      expect(record.reports).toHaveLength(whole.length);
    }),
  );
  expect(addReports(addReports(base, reports, now).record, reports, now).addKeys).toEqual([]);
});

test('a report of another session is ignored; one by provider key is kept under its part', () => {
  const base = recording();
  const foreign = report({ correlation: correlationOf(newSessionId(now), 'p1') }, 'x', { ended: true });
  expect(addReports(base, [foreign], now).record).toBe(base);
  const known = report({ providerKey: 'key-1' }, 'y', { ended: true });
  const { record } = addReports(base, [known], now);
  expect(record.reports.at(-1)?.subject).toEqual({ correlation: correlationOf(base.id, 'p1') });
  expect(record.snapshot.parts[0]?.state).toBe('ended');
});

test('one command is in flight at a time; stop is let through; what is over is not commanded', () => {
  const base = recording();
  const paused = recordCommand(base, { kind: 'pause' }, now);
  if (paused.kind !== 'recorded') throw new Error('not recorded');
  expect(recordCommand(paused.record, { kind: 'resume' }, now)).toMatchObject({
    kind: 'busy',
    inFlight: { id: paused.command.id },
  });
  const stopped = recordCommand(paused.record, { kind: 'stop' }, now);
  expect(stopped.kind).toBe('recorded');
  const ended = addReports(
    base,
    [report({ correlation: correlationOf(base.id, 'p1') }, 'e', { ended: true })],
    now,
  ).record;
  expect(recordCommand(ended, { kind: 'stop' }, now).kind).toBe('already');
  expect(() => recordCommand(ended, { kind: 'pause' }, now)).toThrow(
    expect.objectContaining({ code: 'invalid-state', message: expect.stringContaining('processing') }),
  );
  expect(recordCommand(base, { kind: 'resume' }, now)).toMatchObject({ kind: 'already', state: 'recording' });
});

test('an answer that brings its own proof publishes each event once', () => {
  const types = recording().outbox.map(({ event }) => event.type);
  expect(types).toEqual([
    'dev.onrecord.recording.requested.v1',
    'dev.onrecord.recording.starting.v1',
    'dev.onrecord.recording.started.v1',
    'dev.onrecord.command.confirmed.v1',
  ]);
});

test('a refused command leaves the session as it was and says why', () => {
  const base = recording();
  const paused = recordCommand(base, { kind: 'pause' }, now);
  if (paused.kind !== 'recorded') throw new Error('not recorded');
  const error = new OnRecordError('permission-denied', 'No.');
  const record = refuseCommand(paused.record, paused.command.id, error, now);
  expect(record.snapshot.state).toBe('recording');
  expect(record.snapshot.commands.at(-1)).toMatchObject({ state: 'refused', error: { code: 'permission-denied' } });
  expect(record.outbox.map(({ event }) => event.type)).toContain('dev.onrecord.command.refused.v1');
});

test('a pause by segments sends a stop, its resume a start of a new part', () => {
  const base = recording(session({ emulate: ['pause-by-segments'] }));
  const paused = recordCommand(base, { kind: 'pause' }, now);
  if (paused.kind !== 'recorded') throw new Error('not recorded');
  expect(paused.command).toMatchObject({ kind: 'pause', sends: 'stop', partId: 'p1' });
  const proof = report({ providerKey: 'key-1' }, 'gone', { ended: true }, { commandId: paused.command.id });
  const quiet = addReports(paused.record, [proof], now).record;
  expect(quiet.snapshot.state).toBe('paused');
  const resumed = recordCommand(quiet, { kind: 'resume' }, now);
  if (resumed.kind !== 'recorded') throw new Error('not recorded');
  expect(resumed.command).toMatchObject({ kind: 'resume', sends: 'start', partId: 'p2' });
  expect(resumed.record.parts).toMatchObject([{ kind: 'leg' }, { kind: 'segment' }]);
  expect(resumed.record.expectations).toHaveLength(2);
});

test('a pause is recorded anew while a resume that was given up may still take effect', () => {
  const base = recording();
  const paused = recordCommand(base, { kind: 'pause' }, now);
  if (paused.kind !== 'recorded') throw new Error('not recorded');
  const subject = { correlation: correlationOf(base.id, 'p1') };
  const proof = report(subject, 'paused', { capturing: false }, { commandId: paused.command.id });
  const quiet = acceptCommand(paused.record, paused.command.id, { kind: 'done', reports: [proof] }, now).record;
  expect(recordCommand(quiet, { kind: 'pause' }, now)).toMatchObject({ kind: 'already' });
  const resumed = recordCommand(quiet, { kind: 'resume' }, now);
  if (resumed.kind !== 'recorded') throw new Error('not recorded');
  const accepted = acceptCommand(resumed.record, resumed.command.id, { kind: 'accepted' }, now).record;
  const given = timeOutCommand(accepted, resumed.command.id, now);
  expect(given.snapshot.state).toBe('paused');
  expect(recordCommand(given, { kind: 'pause' }, now).kind).toBe('recorded');
});

test('a segment whose start was given up is started again with its token, not doubled', () => {
  const base = recording(session({ emulate: ['pause-by-segments'] }));
  const paused = recordCommand(base, { kind: 'pause' }, now);
  if (paused.kind !== 'recorded') throw new Error('not recorded');
  const proof = report({ providerKey: 'key-1' }, 'gone', { ended: true }, { commandId: paused.command.id });
  const quiet = acceptCommand(paused.record, paused.command.id, { kind: 'done', reports: [proof] }, now).record;
  const resumed = recordCommand(quiet, { kind: 'resume' }, now);
  if (resumed.kind !== 'recorded') throw new Error('not recorded');
  const given = timeOutCommand(markSent(resumed.record, resumed.command.id, now), resumed.command.id, now);
  const again = recordCommand(given, { kind: 'resume' }, now);
  if (again.kind !== 'recorded') throw new Error('not recorded');
  expect(again.command).toMatchObject({ sends: 'start', partId: 'p2', token: resumed.command.token });
  expect(again.record.parts).toHaveLength(2);
});

test('events are numbered without gaps, whatever happens to a session', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('pause', 'resume', 'stop', 'see', 'hide', 'end'), { maxLength: 30 }),
      (steps) => {
        let record = recording();
        for (const [index, step] of steps.entries()) {
          const { state } = record.snapshot;
          if (step === 'pause' || step === 'resume' || step === 'stop') {
            if (['processing', 'completed', 'failed', 'stopping'].includes(state)) continue;
            const recorded = recordCommand(record, { kind: step }, now);
            if (recorded.kind === 'recorded') record = recorded.record;
          } else {
            const seen = step === 'end' ? { ended: true } : { capturing: step === 'see' };
            const last = record.commands.at(-1)!;
            const subject = { correlation: correlationOf(record.id, 'p1') };
            record = addReports(record, [report(subject, `s${index}`, seen, { commandId: last.id })], now).record;
          }
        }
        expect(record.outbox.map(({ event }) => event.sequence)).toEqual(
          record.outbox.map((_, index) => `${index + 1}`),
        );
        expect(record.sequence).toBe(record.outbox.length);
      },
    ),
  );
});

test('changes made at once are all kept: each is repeated on the revision that won', async () => {
  const store = memorySessionStore();
  const { record } = await store.create(recording(), []);
  const subject = { correlation: correlationOf(record.id, 'p1') };
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      commit(store, record.id, (before) => addReports(before, [report(subject, `c${index}`, {})], now)),
    ),
  );
  const after = await store.load(record.id);
  expect(after?.reports).toHaveLength(41);
  expect(after?.revision).toBe(41);
  await expect(commit(store, newSessionId(now), (before) => before)).rejects.toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
});

test('an event that overtakes the answer with its key is parked, then adopted: never lost', async () => {
  const store = memorySessionStore();
  const { record } = await store.create(session(), []);
  const early = report({ providerKey: 'pipeline-9' }, 'early', { capturing: true });
  expect(await routeReports(store, 'main', [early], now)).toEqual({ sessionIds: [], parked: 1 });
  const bringing = report({ correlation: correlationOf(record.id, 'p1') }, 'answer', { providerKeys: ['pipeline-9'] });
  await routeReports(store, 'main', [bringing], now);
  expect((await store.load(record.id))?.reports.map(({ reportId }) => reportId).sort()).toEqual(['answer', 'early']);
});

test('an event of another instance with the same key stays out', async () => {
  const store = memorySessionStore();
  const { record } = await store.create(session(), []);
  const bringing = report({ correlation: correlationOf(record.id, 'p1') }, 'answer', { providerKeys: ['k'] });
  await routeReports(store, 'main', [bringing], now);
  expect(await routeReports(store, 'other', [report({ providerKey: 'k' }, 'e', { ended: true })], now)).toMatchObject({
    parked: 1,
  });
  expect((await store.load(record.id))?.reports).toHaveLength(1);
});
