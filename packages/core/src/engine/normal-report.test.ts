import { expect, test } from 'vitest';
import { correlationOf, type Report, type Seen } from '../report/report.ts';
import { addReports } from './add-reports.ts';
import { createSession } from './create-session.ts';
import { newSessionId } from './ids.ts';
import { normalReport, normalTime } from './normal-report.ts';

const now = Date.parse('2026-01-05T09:00:00.000Z');

function report(seen: Seen, more: Partial<Report> = {}): Report {
  return {
    reportId: 'r1',
    subject: { correlation: 'c' },
    seen,
    cause: { unattributed: true },
    clock: { domain: 'provider:x', at: '2026-01-05T09:00:00.000Z' },
    via: 'push',
    receivedAt: '2026-01-05T09:00:00.000Z',
    ...more,
  };
}

test.each([
  ['2026-01-05T09:00:00.1234567Z', '2026-01-05T09:00:00.123Z'],
  ['2026-01-05T10:00:00+01:00', '2026-01-05T09:00:00.000Z'],
  ['2026-01-05T09:00:00.000Z', '2026-01-05T09:00:00.000Z'],
  ['2026-99-05T09:00:00.000Z', undefined],
  ['soon', undefined],
  ['', undefined],
])('the time %j is stored as %j', (text, stored) => {
  expect(normalTime(text)).toBe(stored);
});

test('a report in good order is left as it is', () => {
  const given = report({
    media: [{ key: 'k', uri: 'u', role: 'master', expiresAt: '2026-01-05T09:00:00.000Z' }],
    pauses: [{ from: '2026-01-05T09:00:00.000Z', durationMs: 1 }],
  });
  expect(normalReport(given, now)).toBe(given);
});

test('times that are none are left out, and what was seen stays', () => {
  const normal = normalReport(
    report(
      {
        ended: true,
        media: [{ key: 'k', uri: 'u', role: 'master', expiresAt: 'tomorrow' }],
        pauses: [
          { from: 'noon', durationMs: 1 },
          { from: '2026-01-05T09:00:00Z', durationMs: Number.NaN },
          { from: '2026-01-05T09:00:00Z', durationMs: 5 },
        ],
      },
      { clock: { domain: 'provider:x', at: 'now', sequence: 3 }, receivedAt: '' },
    ),
    now,
  );
  expect(normal).toEqual(
    report(
      {
        ended: true,
        media: [{ key: 'k', uri: 'u', role: 'master' }],
        pauses: [{ from: '2026-01-05T09:00:00.000Z', durationMs: 5 }],
      },
      { clock: { domain: 'provider:x', sequence: 3 }, receivedAt: '2026-01-05T09:00:00.000Z' },
    ),
  );
});

test('pauses of a provider that sends nonsense do not keep its report from the session', () => {
  const id = newSessionId(now);
  const record = createSession(
    {
      id,
      provider: 'main',
      deployment: 'test',
      call: { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} },
      output: { media: 'audio', layout: 'mixed', container: 'wav' },
      idempotencyKey: id,
    },
    now,
  );
  const odd = report(
    { ended: true, pauses: [{ from: 'noon', durationMs: 1 }] },
    { subject: { correlation: correlationOf(id, 'p1') } },
  );
  expect(addReports(record, [odd], now).record.snapshot.parts[0]?.state).toBe('ended');
});
