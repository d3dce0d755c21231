import { expect, test } from 'vitest';
import { command, pushed, session, tied } from '../fold/testing/session.ts';
import type { Report } from '../report/report.ts';
import type { SessionRecord } from '../session/record.ts';
import type { Anomaly } from '../session/snapshot.ts';
import type { SessionState } from '../states/states.ts';
import { eventsBetween } from './events-between.ts';
import { refold } from './refold.ts';

const start = command(1, 'start', 0);

/** The events of a record that takes these reports one after another. */
function events(base: Partial<SessionRecord>, ...steps: readonly (readonly Report[])[]): readonly string[] {
  let record = refold(session(base), undefined, 0);
  for (const reports of steps) {
    record = refold({ ...record, reports: [...record.reports, ...reports] }, record, 0);
  }
  return record.outbox.map(({ event }) => event.type.replace(/^dev\.onrecord\.(.*)\.v1$/, '$1'));
}

test('a recording that began paused starts with its first capture, whether or not both are learnt at once', () => {
  const resume = command(2, 'resume', 5);
  const reports = [tied('c1', { capturing: false }, 1), tied('c2', { capturing: true }, 6)];
  const base = { startPaused: true, commands: [start, resume] };
  const states = (list: readonly string[]) => list.filter((name) => /started|resumed|paused/.test(name));
  expect(states(events(base, reports))).toEqual(['recording.paused', 'recording.started']);
  expect(states(events(base, [reports[0]!], [reports[1]!]))).toEqual(['recording.paused', 'recording.started']);
});

test('a state is published although a late report rewrote the history to the same length', () => {
  const states = (...names: readonly SessionState[]) => names.map((state) => ({ state, inferred: false }));
  const { snapshot } = session();
  const before = session({
    snapshot: { ...snapshot, state: 'recording', history: states('requested', 'starting', 'recording') },
  });
  const after = session({
    snapshot: { ...snapshot, state: 'paused', history: states('requested', 'starting', 'paused') },
  });
  expect(eventsBetween(before, after).map(({ name }) => name)).toEqual(['recording.paused']);
  expect(eventsBetween(after, after)).toEqual([]);
});

test('an anomaly is published once, wherever the fold puts it among the others', () => {
  const { snapshot } = session();
  const anomaly = (code: Anomaly['code'], partId: string, reportId?: string): Anomaly => ({
    code,
    message: 'Odd.',
    partId,
    ...(reportId === undefined ? {} : { reportId }),
  });
  const inactive = anomaly('unknown-inactive', 'p2', 'r1');
  const codes = (before: readonly Anomaly[], after: readonly Anomaly[]) =>
    eventsBetween(
      session({ snapshot: { ...snapshot, anomalies: before } }),
      session({ snapshot: { ...snapshot, anomalies: after } }),
    ).map(({ data }) => `${data['code']}`);
  expect(codes([inactive], [anomaly('command-timed-out', 'p1'), inactive])).toEqual(['command-timed-out']);
  expect(codes([inactive], [anomaly('unknown-inactive', 'p2', 'r2')])).toEqual([]);
  expect(codes([inactive], [inactive, inactive])).toEqual(['unknown-inactive']);
});

test('files that get other numbers are not announced again', () => {
  const sight = (key: string) => ({ key, uri: `https://x/${key}`, role: 'master', container: 'wav' }) as const;
  const base = { commands: [start] };
  const list = events(
    base,
    [pushed({ ended: true, media: [sight('b')] }, 20)],
    [pushed({ ended: true, media: [sight('a')] }, 21)],
  );
  expect(list.filter((name) => name === 'artifact.available')).toHaveLength(2);
});
