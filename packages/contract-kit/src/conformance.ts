import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseResult, Remarks, Subject, Suite } from './case.ts';

/**
 * What one subject keeps of one contract; no time and no machine in it, so that the same code gives the same bytes as
 * long as `against` is the same.
 */
export interface ConformanceRecord extends Remarks {
  readonly schema: 'onrecord.conformance/v1';
  readonly suite: string;
  readonly suiteVersion: string;
  readonly subject: string;
  /** {@link Subject.against} */
  readonly against?: string | undefined;
  readonly cases: readonly (CaseResult & { readonly rule: string })[];
}

/** The record of a run, in the order of the suite. @throws Error when a case has no result. */
export function conformanceOf(
  suite: Suite<never, never>,
  { name, against }: Pick<Subject<never, never>, 'name' | 'against'>,
  results: readonly CaseResult[],
  { unproven, emulated }: Remarks = { unproven: [], emulated: [] },
): ConformanceRecord {
  return {
    schema: 'onrecord.conformance/v1',
    suite: suite.name,
    suiteVersion: suite.version,
    subject: name,
    ...(against === undefined ? {} : { against }),
    unproven,
    emulated,
    cases: suite.cases.map(({ id, rule }) => {
      const result = results.find((other) => other.id === id);
      if (!result) throw new Error(`Case ${id} has no result for ${name}`);
      return { ...result, rule };
    }),
  };
}

/** A `report` for {@link registerSuite} that writes `<folder>/<suite>.<subject>.json`. */
export function reportTo(folder: string): (record: ConformanceRecord) => Promise<void> {
  return async (record) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${record.suite}.${record.subject}.json`), `${JSON.stringify(record, null, 2)}\n`);
  };
}

const marks: { readonly [R in CaseResult['result']]: string } = {
  passed: 'yes',
  failed: '**no**',
  'not-applicable': '–',
};

/**
 * The records as Markdown: one table per suite, a row per case, a column per subject, why a case is left out, what no
 * case tried, and what is emulated.
 */
export function conformanceTable(records: readonly ConformanceRecord[]): string {
  const suites = [...new Set(records.map(({ suite }) => suite))].sort();
  return suites.map((suite) => suiteTable(records.filter((record) => record.suite === suite))).join('\n');
}

function suiteTable(unsorted: readonly ConformanceRecord[]): string {
  const records = unsorted.toSorted((left, right) => (left.subject < right.subject ? -1 : 1));
  const [first] = records;
  if (!first) return '';
  const lines = [
    `## ${first.suite} (${first.suiteVersion})`,
    '',
    `| case | rule | ${records.map(({ subject }) => subject).join(' | ')} |`,
    `|---|---|${records.map(() => '---|').join('')}`,
  ];
  const reasons: string[] = [];
  for (const { id, rule } of first.cases) {
    const found = records.map((record) => record.cases.find((other) => other.id === id));
    lines.push(
      `| ${id} | ${cell(rule)} | ${found.map((result) => (result ? marks[result.result] : '')).join(' | ')} |`,
    );
    for (const [index, result] of found.entries()) {
      if (result?.result === 'not-applicable') {
        reasons.push(`- ${id}, ${records[index]?.subject}: ${result.reason}`);
      }
    }
  }
  const remarks = (name: keyof Remarks) =>
    records.flatMap((record) => record[name].map((what) => `- ${record.subject}: ${what}`));
  return [
    ...lines,
    '',
    ...list('Not applicable:', reasons),
    ...list('Declared, but not tried:', remarks('unproven')),
    ...list('Emulated, not native:', remarks('emulated')),
  ].join('\n');
}

function list(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? [heading, '', ...lines, ''] : [];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
