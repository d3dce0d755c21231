import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../errors/codes.ts';
import type { Expectation } from '../ledger/expectation.ts';
import type { MediaSighting } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { snapshotOf } from './snapshot-of.ts';
import { at, call, command, part, polled, pushed, session, tied } from './testing/session.ts';

const file: MediaSighting = {
  key: 'file-1',
  uri: 's3://landing/file-1.wav',
  role: 'master',
  container: 'wav',
  bytes: 64_044,
  durationMs: 30_000,
};
const start = command(1, 'start', 0);
const stop = command(2, 'stop', 30);
const started = tied('c1', { capturing: true }, 1);
const stopped = tied('c2', { ended: true }, 31);
const expected: Expectation = { partId: 'p1', call, state: 'expected' };

function states(record: Partial<SessionRecord>) {
  const { state, endReason, verdict, history } = snapshotOf(session(record));
  return {
    state,
    endReason,
    verdict,
    history: history.map((step) => (step.inferred ? `(${step.state})` : step.state)),
  };
}

describe('a session whose parts are over', () => {
  test('waits for its file, and completes with it where none is archived', () => {
    const record = { commands: [start, stop], reports: [started, stopped], expectations: [expected] };
    expect(states(record)).toMatchObject({ state: 'processing', endReason: 'requested', verdict: 'pending' });
    const arrived = { ...record, reports: [started, stopped, pushed({ media: [file] }, 40)] };
    expect(states(arrived)).toMatchObject({ state: 'completed', endReason: 'requested', verdict: 'present' });
  });

  test('waits for the archive where one is asked for', () => {
    const record = session({
      commands: [start, stop],
      reports: [started, stopped, pushed({ media: [file] }, 40)],
      archive: { mode: 'copy' },
    });
    expect(snapshotOf(record)).toMatchObject({
      state: 'processing',
      artifacts: [{ state: 'available', location: file.uri }],
    });
    const stored = {
      mediaKey: 'file-1',
      state: 'stored',
      uri: 's3://archive/a.wav',
      bytes: 64_044,
      sha256: 'ab',
      attempts: 1,
    } as const;
    expect(snapshotOf({ ...record, transfers: [stored] })).toMatchObject({
      state: 'completed',
      verdict: 'present',
      artifacts: [
        { id: 'p1-master-0', state: 'stored', location: 's3://archive/a.wav', source: file.uri, sha256: 'ab' },
      ],
    });
  });

  test('is not held up by files that only describe others', () => {
    const metadata: MediaSighting = { key: 'm', uri: 's3://landing/m.json', role: 'metadata' };
    const transfers = [{ mediaKey: 'file-1', state: 'stored', uri: 's3://archive/a.wav', attempts: 1 }] as const;
    const reports = [started, stopped, pushed({ media: [file, metadata] }, 40)];
    expect(states({ commands: [start, stop], reports, transfers, archive: { mode: 'copy' } }).state).toBe('completed');
  });

  test('has passed through what the reports of the end skipped', () => {
    const reports = [pushed({ ended: true, endReason: 'call-ended', media: [file] }, 40)];
    expect(states({ commands: [start], reports })).toEqual({
      state: 'completed',
      endReason: 'call-ended',
      verdict: 'present',
      history: ['requested', 'starting', 'processing', 'completed'],
    });
  });

  test('is empty, and nothing is missed, when a start in pause was never resumed', () => {
    const reports = [polled(1, { ended: true, endReason: 'call-ended' }, 40)];
    expect(states({ startPaused: true, commands: [start], reports, expectations: [expected] })).toMatchObject({
      state: 'completed',
      endReason: 'empty',
      verdict: 'none',
    });
  });

  test('is discarded though the provider only says that it is done', () => {
    const record = {
      commands: [start, command(2, 'discard', 30)],
      reports: [started, tied('c2', { ended: true, endReason: 'requested' }, 31)],
    };
    expect(states(record)).toMatchObject({ state: 'completed', endReason: 'discarded', verdict: 'none' });
  });

  test('is missing once storage denied the file, and lost once the worker says so', () => {
    const record = {
      commands: [start, stop],
      reports: [started, stopped],
      expectations: [{ ...expected, missingSince: at(400) }],
    };
    expect(states(record)).toMatchObject({ state: 'processing', verdict: 'missing' });
    const lost = { ...pushed({ ended: true, endReason: 'lost' }, 900), via: 'storage' } as const;
    expect(states({ ...record, reports: [...record.reports, lost] })).toMatchObject({
      state: 'failed',
      endReason: 'lost',
      verdict: 'missing',
    });
  });

  test('is lost at once where the provider that captured it died and denies every file', () => {
    const expects = [{ uri: file.uri, role: 'master', container: 'wav' }] as const;
    const record = {
      commands: [start],
      reports: [started, pushed({ expects }, 2), polled(1, { capturing: true }, 20)],
      expectations: [expected],
      archive: { mode: 'copy' },
    } as const;
    const died = polled(1, { capturing: false, ended: true, endReason: 'lost' }, 60);
    expect(states({ ...record, reports: [...record.reports, died] })).toMatchObject({
      state: 'failed',
      endReason: 'lost',
      verdict: 'missing',
    });
  });

  test('of which nothing was captured fails or is empty at once, and waits for no file', () => {
    const over = (endReason: 'provider-error' | 'empty' | 'lost') =>
      states({
        commands: [start],
        reports: [polled(1, { ended: true, endReason }, 10)],
        expectations: [expected],
        archive: { mode: 'copy' },
      });
    expect(over('provider-error')).toMatchObject({ state: 'failed', endReason: 'provider-error', verdict: 'none' });
    expect(over('lost')).toMatchObject({ state: 'failed', endReason: 'lost' });
    expect(over('empty')).toMatchObject({ state: 'completed', endReason: 'empty', verdict: 'none' });
  });

  test('is healed by a file that turns up late', () => {
    const record = {
      commands: [start, stop],
      reports: [started, stopped, pushed({ media: [file] }, 800)],
      expectations: [{ ...expected, missingSince: at(400) }],
    };
    expect(states(record)).toMatchObject({ state: 'completed', verdict: 'late' });
  });

  test('is late once anything arrived after the time of its file', () => {
    const record = {
      commands: [start, stop],
      reports: [started, stopped],
      expectations: [{ ...expected, by: at(60) }],
    };
    expect(states(record).verdict).toBe('pending');
    expect(states({ ...record, reports: [...record.reports, polled(2, {}, 61)] }).verdict).toBe('late');
  });

  test('is short when its file holds less than was captured', () => {
    const record = session({
      commands: [start, stop],
      reports: [started, stopped, pushed({ media: [file] }, 40)],
      expectations: [{ ...expected, minDurationMs: 60_000 }],
    });
    expect(snapshotOf(record)).toMatchObject({
      state: 'completed',
      verdict: 'short',
      anomalies: [{ code: 'duration-mismatch', partId: 'p1' }],
    });
  });

  test('fails at once when the destination refused the file, and waits after a provider error that followed capture', () => {
    const ended = (endReason: 'storage-error' | 'provider-error') => ({
      commands: [start],
      reports: [started, pushed({ ended: true, endReason }, 31)],
    });
    expect(states(ended('storage-error'))).toMatchObject({ state: 'failed', endReason: 'storage-error' });
    expect(states(ended('provider-error'))).toMatchObject({ state: 'processing', endReason: 'provider-error' });
    const withFile = {
      commands: [start],
      reports: [...ended('provider-error').reports, pushed({ media: [file] }, 33)],
    };
    expect(states(withFile)).toMatchObject({ state: 'completed', endReason: 'provider-error', verdict: 'present' });
  });

  test.each([
    ['permission-denied', 'permission-denied'],
    ['unauthenticated', 'permission-denied'],
    ['unavailable', 'provider-error'],
    ['rate-limited', 'provider-error'],
    ['storage-failed', 'storage-error'],
    ['invalid-request', 'never-started'],
    ['conflict', 'never-started'],
  ] satisfies [ErrorCode, string][])('fails when its start was refused as %s: %s', (code, endReason) => {
    const refused = { code, message: 'No.', at: at(1) };
    expect(states({ commands: [{ ...start, refused }], expectations: [expected] })).toEqual({
      state: 'failed',
      endReason,
      verdict: 'none',
      history: ['requested', 'starting', 'failed'],
    });
  });

  test('fails when the provider takes the start and then cannot carry it out', () => {
    const reports = [pushed({ ended: true, endReason: 'provider-error' }, 3)];
    expect(states({ commands: [start], reports })).toMatchObject({
      state: 'failed',
      endReason: 'provider-error',
      verdict: 'none',
    });
  });

  test('fails when every file expired before it was stored', () => {
    const reports = [started, stopped, pushed({ media: [{ ...file, expiresAt: at(100) }] }, 40), polled(2, {}, 101)];
    expect(states({ commands: [start, stop], reports, archive: { mode: 'copy' } })).toMatchObject({
      state: 'failed',
      endReason: 'lost',
    });
  });
});

describe('a published end stays', () => {
  const record = session({ commands: [start, stop], reports: [started, stopped], expectations: [expected] });
  const failed = {
    ...snapshotOf(record),
    state: 'failed',
    endReason: 'lost',
    history: [{ state: 'failed', inferred: false }],
  } as const;

  test('and what the reports say after it is an anomaly', () => {
    const late = { ...record, snapshot: failed, reports: [...record.reports, pushed({ media: [file] }, 999)] };
    expect(snapshotOf(late)).toMatchObject({
      state: 'failed',
      endReason: 'lost',
      history: failed.history,
      verdict: 'late',
      artifacts: [{ state: 'available' }],
      anomalies: [{ code: 'report-after-terminal' }],
    });
  });

  test('nothing else of the old snapshot matters', () => {
    const stale = { ...snapshotOf(record), state: 'recording', endReason: 'lost', parts: [] } as const;
    expect(snapshotOf({ ...record, snapshot: stale })).toEqual(snapshotOf(record));
  });
});

describe('a pause by segments', () => {
  const pause = command(2, 'pause', 30, { sends: 'stop' });
  const paused = tied('c2', { ended: true }, 31);
  const resume = command(3, 'resume', 50, { sends: 'start', partId: 'p2' });
  const resumed = tied('c3', { capturing: true }, 52, { part: 'p2' });
  const emulate = ['pause-by-segments'] as const;

  test('holds the session between its parts', () => {
    expect(snapshotOf(session({ emulate, commands: [start, pause], reports: [started] })).state).toBe('recording');
    const held = snapshotOf(session({ emulate, commands: [start, pause], reports: [started, paused] }));
    expect(held).toMatchObject({
      state: 'paused',
      parts: [{ state: 'ended', endReason: 'requested' }],
      pauses: [{ from: at(31), effect: 'segmented', partId: 'p1' }],
      emulated: ['pause-by-segments'],
    });
    expect(held.pauses[0]!.to).toBeUndefined();
  });

  test('goes on in a new part, and stays paused until that captures', () => {
    const parts = [part(1), part(2)];
    const commands = [start, pause, resume];
    expect(snapshotOf(session({ emulate, parts, commands, reports: [started, paused] })).state).toBe('paused');
    expect(snapshotOf(session({ emulate, parts, commands, reports: [started, paused, resumed] }))).toMatchObject({
      state: 'recording',
      pauses: [{ from: at(31), to: at(52), effect: 'segmented' }],
      commands: [{ state: 'confirmed' }, { kind: 'pause', state: 'confirmed' }, { kind: 'resume', state: 'confirmed' }],
    });
  });

  test('stays a pause when the new part is refused', () => {
    const refused = { code: 'quota-exceeded', message: 'Limit.', at: at(51) } as const;
    const record = {
      emulate,
      parts: [part(1), part(2)],
      commands: [start, pause, { ...resume, refused }],
      reports: [started, paused],
    };
    expect(states(record)).toMatchObject({
      state: 'paused',
      history: ['requested', 'starting', 'recording', 'paused'],
    });
  });

  test('ends at once when the session is stopped', () => {
    const record = { emulate, commands: [start, pause, command(3, 'stop', 60)], reports: [started, paused] };
    expect(states(record)).toMatchObject({ state: 'processing', endReason: 'requested' });
    expect(snapshotOf(session(record)).commands.at(-1)).toMatchObject({ kind: 'stop', state: 'confirmed', at: at(60) });
  });

  test('ends when the call ends', () => {
    const hangUp = polled(2, { ended: true, endReason: 'call-ended' }, 60);
    expect(states({ emulate, commands: [start, pause], reports: [started, paused, hangUp] })).toMatchObject({
      state: 'processing',
      endReason: 'call-ended',
    });
  });

  test('completes when every part has brought its file', () => {
    const parts = [part(1), part(2)];
    const commands = [start, pause, resume, command(4, 'stop', 90, { partId: 'p2' })];
    const ended = tied('c4', { ended: true }, 91, { part: 'p2' });
    const reports = [started, paused, resumed, ended, pushed({ media: [file] }, 95)];
    expect(states({ emulate, parts, commands, reports }).state).toBe('processing');
    const both = [
      ...reports,
      pushed({ media: [{ ...file, key: 'file-2', uri: 's3://landing/file-2.wav' }] }, 96, { part: 'p2' }),
    ];
    expect(states({ emulate, parts, commands, reports: both })).toMatchObject({
      state: 'completed',
      history: ['requested', 'starting', 'recording', 'paused', 'recording', 'stopping', 'processing', 'completed'],
    });
  });
});
