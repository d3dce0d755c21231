import fc from 'fast-check';
import { expect, test } from 'vitest';
import { snapshotOf } from '../fold/snapshot-of.ts';
import { answering, type ProviderTraits, segmenting, settling, turning } from '../fold/testing/provider-model.ts';
import { Random } from '../fold/testing/random.ts';
import { command, polled, pushed, session, tied } from '../fold/testing/session.ts';
import { SimulatedSession } from '../fold/testing/simulated-session.ts';
import { troubleOf } from '../fold/testing/trouble.ts';
import type { Report } from '../report/report.ts';
import { addReports } from './add-reports.ts';
import { condenseReports } from './condense-reports.ts';

const start = command(1, 'start', 0);

/** What a worker would leave of the reports if they came one by one, in this order. */
function oneByOne(reports: readonly Report[]): readonly Report[] {
  let kept: readonly Report[] = [];
  for (const report of reports) kept = condenseReports([...kept, report]);
  return kept;
}

test('equal polls are kept twice: the first and the last to arrive', () => {
  const polls = Array.from({ length: 10 }, (_, index) => polled(1, { capturing: true }, index, { id: `p${index}` }));
  expect(oneByOne(polls).map(({ reportId }) => reportId)).toEqual(['p0', 'p9']);
});

test.each([
  ['a push', pushed({ capturing: true }, 5)],
  ['an answer', tied('c1', { capturing: true }, 5, { via: 'answer' })],
  ['a poll after another command', polled(2, { capturing: true }, 5)],
  ['a poll that sees something else', polled(1, { capturing: false }, 5)],
  ['a poll of another part', polled(1, { capturing: true }, 5, { part: 'p2' })],
  ['a poll that brings a file', polled(1, { capturing: true, media: [] }, 5)],
  ['a poll by the clock of the provider', polled(1, { capturing: true }, 5, { clock: { domain: 'provider:x' } })],
] as const)('%s is kept', (_, other) => {
  const polls = [0, 9, 10].map((seconds) => polled(1, { capturing: true }, seconds));
  expect(oneByOne([...polls, other])).toContain(other);
});

test('polls of an hour of recording, every half second, leave a record of constant size', () => {
  let record = session({ commands: [start], reports: [polled(1, { capturing: true }, 0)] });
  const sizes = new Set<number>();
  for (let index = 2; index < 7_200; index++) {
    const seen = { capturing: index % 1_000 !== 0 };
    record = addReports(record, [polled(1, seen, index / 2)], index).record;
    if (index > 2_000) sizes.add(record.reports.length);
  }
  expect([...sizes]).toEqual([4]);
});

test.each<[string, ProviderTraits]>([answering, turning, settling, segmenting].map((traits) => [traits.name, traits]))(
  'dropping them changes nothing that the fold says of a provider that %s',
  (_, traits) => {
    let dropped = 0;
    fc.assert(
      fc.property(fc.integer(), (drawn) => {
        const random = new Random(drawn);
        const history = new SimulatedSession(traits, troubleOf(random), random, {
          startPaused: traits.canStartPaused && random.chance(0.2),
          check: () => {},
        });
        const untilMs = random.between(10_000, 120_000);
        history.run(untilMs, random.chance(0.5) ? random.between(2_000, untilMs) : Number.POSITIVE_INFINITY);
        const reports = [...history.reports, ...history.reports.flatMap((report) => repeated(report, random))];
        const whole = snapshotOf(history.record(reports));
        const kept = oneByOne(random.shuffled(reports));
        dropped += reports.length - kept.length;
        expect(snapshotOf(history.record(kept))).toEqual(whole);
      }),
      { numRuns: 400, seed: 20_261_121 },
    );
    if (traits.status) expect(dropped).toBeGreaterThan(1_000);
  },
);

/** The same poll again, somewhat later: a worker asks far more often than the simulated session does. */
function repeated(report: Report, random: Random): readonly Report[] {
  if (report.via !== 'poll') return [];
  const received = Date.parse(report.receivedAt);
  return Array.from({ length: 6 }, (_, index) => ({
    ...report,
    reportId: `${report.reportId}/${index}`,
    receivedAt: new Date(received + Math.round(random.between(0, 20_000))).toISOString(),
  }));
}
