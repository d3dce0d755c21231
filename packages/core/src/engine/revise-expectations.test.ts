import { describe, expect, test } from 'vitest';
import { at, command, polled, pushed, session, tied } from '../fold/testing/session.ts';
import type { Expectation } from '../ledger/expectation.ts';
import type { Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import { refold } from './refold.ts';

const call = session().call;
const expected: Expectation = { partId: 'p1', call, state: 'expected' };
const start = command(1, 'start', 0);
const nowMs = Date.parse(at(1_000));

function revised(more: Partial<SessionRecord>): Expectation {
  const record = session({ expectations: [expected], commands: [start], ...more });
  const next = refold(record, record, nowMs);
  expect(refold(next, next, nowMs).expectations, 'revised once, revised for good').toBe(next.expectations);
  return next.expectations[0]!;
}

function file(durationMs: number | undefined, seconds: number): Report {
  const media = { key: 'f', uri: 'https://x/f', role: 'master', container: 'wav' } as const;
  return pushed({ ended: true, media: [{ ...media, ...(durationMs === undefined ? {} : { durationMs }) }] }, seconds);
}

describe('what is expected of a part', () => {
  test('that records is a file', () => {
    expect(revised({ reports: [polled(1, { capturing: true }, 1)] })).toEqual(expected);
  });

  test('that was refused is nothing', () => {
    const refused = { code: 'permission-denied', message: 'No.', at: at(1) } as const;
    expect(revised({ commands: [{ ...start, refused }] }).state).toBe('none');
  });

  test('that was refused and captures all the same is a file', () => {
    const refused = { code: 'permission-denied', message: 'No.', at: at(1) } as const;
    const reports = [polled(1, { capturing: true }, 2)];
    expect(revised({ commands: [{ ...start, refused }], reports }).state).toBe('expected');
  });

  test('that began paused and was never resumed is nothing', () => {
    const reports = [tied('c1', { capturing: false }, 1), pushed({ ended: true }, 9)];
    expect(revised({ startPaused: true, reports }).state).toBe('none');
  });

  test('that was discarded is nothing', () => {
    const commands = [start, command(2, 'discard', 5)];
    const reports = [tied('c1', { capturing: true }, 1), tied('c2', { ended: true }, 6)];
    expect(revised({ commands, reports }).state).toBe('none');
  });

  test('is met by an available file only where nothing archives', () => {
    const reports = [polled(1, { capturing: true }, 1), file(undefined, 9)];
    expect(revised({ reports }).state).toBe('met');
    expect(revised({ reports, archive: { mode: 'copy' } }).state).toBe('expected');
    const transfers = [{ mediaKey: 'f', state: 'stored', uri: 'file:///f', attempts: 1 } as const];
    expect(revised({ reports, archive: { mode: 'copy' }, transfers }).state).toBe('met');
  });
});

describe('the least that must have been captured', () => {
  const proven = tied('c1', { capturing: true }, 2, { via: 'answer' });

  test('is unknown while the part lasts, and where capture was never proven', () => {
    expect(revised({ reports: [proven] }).minDurationMs).toBeUndefined();
    expect(revised({ reports: [pushed({ ended: true }, 60)] }).minDurationMs).toBeUndefined();
  });

  test('runs from the arrival of the proof to the sending of the stop', () => {
    const commands = [start, command(2, 'stop', 60)];
    const reports = [proven, tied('c2', { ended: true }, 65)];
    expect(revised({ commands, reports }).minDurationMs).toBe(58_000);
  });

  test('ends at the last sight of capture where the call ended before our stop', () => {
    const commands = [start, command(2, 'stop', 60)];
    const over = pushed({ ended: true, endReason: 'call-ended' }, 70, { clockAt: 65 });
    expect(revised({ commands, reports: [proven, over] }).minDurationMs).toBe(0);
    const reports = [proven, polled(1, { capturing: true }, 40), over];
    expect(revised({ commands, reports }).minDurationMs).toBe(38_000);
  });

  test('ends with the call where a turn tells so at once', () => {
    const over = tied('', { ended: true, endReason: 'call-ended' }, 50, { via: 'turn' });
    expect(revised({ reports: [proven, over] }).minDurationMs).toBe(48_000);
  });

  test('takes the end of a service that is still busy for no time of capture', () => {
    const reports = [proven, polled(1, { capturing: true }, 20), pushed({ ended: true }, 60, { clockAt: 55 })];
    expect(revised({ reports }).minDurationMs).toBe(18_000);
  });

  test('ends at the last sight of capture where only a poll found that it is over', () => {
    const reports = [proven, polled(1, { capturing: true }, 30), polled(1, { ended: true }, 60)];
    expect(revised({ reports }).minDurationMs).toBe(28_000);
  });

  test('trusts no arrival of an event that tells no time: it may be hours late', () => {
    const reports = [proven, pushed({ ended: true }, 10_000)];
    expect(revised({ reports }).minDurationMs).toBe(0);
  });

  test('leaves out pauses that the file leaves out', () => {
    const commands = [start, command(2, 'pause', 10), command(3, 'resume', 20), command(4, 'stop', 30)];
    const reports = [
      proven,
      tied('c2', { capturing: false }, 11),
      tied('c3', { capturing: true }, 22),
      tied('c4', { ended: true }, 31),
    ];
    expect(revised({ commands, reports }).minDurationMs).toBe(16_000);
    expect(revised({ commands, reports, pauseEffect: 'silence' }).minDurationMs).toBe(28_000);
  });

  test('ignores a pause that was refused', () => {
    const refused = { code: 'conflict', message: 'No.', at: at(11) } as const;
    const commands = [start, { ...command(2, 'pause', 10), refused }, command(3, 'stop', 30)];
    const reports = [proven, tied('c3', { ended: true }, 31)];
    expect(revised({ commands, reports }).minDurationMs).toBe(28_000);
  });

  test('makes a file that is too short a short recording', () => {
    const commands = [start, command(2, 'stop', 60)];
    const base = session({ expectations: [expected], commands });
    const stopped = [proven, tied('c2', { ended: true }, 61)];
    const short = refold({ ...base, reports: [...stopped, file(20_000, 70)] }, base, nowMs);
    expect(short.snapshot.verdict).toBe('short');
    expect(short.outbox.map(({ event }) => event.data['code'])).toContain('duration-mismatch');
    const whole = refold({ ...base, reports: [...stopped, file(58_500, 70)] }, base, nowMs);
    expect(whole.snapshot.verdict).toBe('present');
  });
});
