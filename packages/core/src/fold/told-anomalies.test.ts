import { expect, test } from 'vitest';
import { addReports } from '../engine/add-reports.ts';
import { snapshotOf } from './snapshot-of.ts';
import { at, command, polled, session, tied } from './testing/session.ts';

const start = command(1, 'start', 0);
const started = tied('c1', { capturing: true }, 1);
const nonsense = { code: 'invalid-answer', message: 'The provider names a file twice.' } as const;

test('what a driver finds wrong is an anomaly of the part, once however often it is found', () => {
  const seen = { capturing: true, anomaly: nonsense };
  const reports = [started, ...[10, 20, 30].map((seconds) => polled(1, seen, seconds))];
  const { anomalies, state } = snapshotOf(session({ commands: [start], reports }));
  expect(anomalies).toEqual([{ ...nonsense, partId: 'p1', reportId: reports[1]!.reportId }]);
  expect(state).toBe('recording');
});

test('different things that are wrong are told apart', () => {
  const other = { ...nonsense, message: 'The provider names no file.' };
  const reports = [started, polled(1, { anomaly: nonsense }, 10), polled(1, { anomaly: other }, 20)];
  const { anomalies } = snapshotOf(session({ commands: [start], reports }));
  expect(anomalies.map(({ message }) => message)).toEqual([nonsense.message, other.message]);
});

test('an anomaly is told of in one event, without secrets, and does not make the record grow', () => {
  const anomaly = { ...nonsense, message: 'No sense: https://provider.example/file?sig=abc' };
  let record = session({ commands: [start], reports: [started] });
  for (let minute = 1; minute < 100; minute++) {
    record = addReports(
      record,
      [polled(1, { capturing: true, anomaly }, 60 * minute)],
      Date.parse(at(60 * minute)),
    ).record;
  }
  expect(record.reports.length).toBeLessThan(5);
  const told = record.outbox.filter(({ event }) => event.type === 'dev.onrecord.recording.anomaly.v1');
  expect(told.map(({ event }) => event.data)).toEqual([
    { code: 'invalid-answer', message: 'No sense: https://provider.example/file?…' },
  ]);
});
