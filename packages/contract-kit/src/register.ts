import { type CaseResult, runCase, type Subject, type Suite } from './case.ts';
import { type ConformanceRecord, conformanceOf, reportTo } from './conformance.ts';

/** What is used of a test runner: `describe` and `test` of vitest or of node:test fit as they are. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: RegisterTest & { readonly concurrent?: RegisterTest | undefined };
  /** Called after the last case: vitest's `afterAll`, node:test's `after`. Needed only for a report. */
  readonly afterAll?: (body: () => Promise<void>) => unknown;
}

export type RegisterTest = (name: string, body: (context: TestContext) => Promise<void>) => unknown;

/** What a runner hands to a test. */
export interface TestContext {
  /** Marks the test as skipped, for the reason given. */
  skip(reason?: string): unknown;
}

export interface RegisterOptions {
  /**
   * Runs several cases at once, each on a harness of its own: for providers in real time, whose cases mostly wait. Takes
   * a runner with `test.concurrent`, as vitest's; for node:test pass a `describe` that sets `concurrency`. @default false
   */
  readonly concurrent?: boolean | undefined;
  /**
   * Takes the conformance record, once every case has a result: a run that was filtered or broken off reports nothing.
   * @default {@link reportTo} the folder that the environment names as `ONRECORD_CONFORMANCE`, if it names one
   */
  readonly report?: ((record: ConformanceRecord) => void | Promise<void>) | undefined;
}

/**
 * Registers every case of a suite as a test. A case that does not apply is skipped, never passed, and its name says why.
 *
 * @example
 * ```ts
 * import { afterAll, describe, test } from 'vitest';
 * registerSuite({ describe, test, afterAll }, sessionStoreSuite, { name: 'memory', facts, open });
 * ```
 */
export function registerSuite<Harness, Facts>(
  runner: TestRunner,
  suite: Suite<Harness, Facts>,
  subject: Subject<Harness, Facts>,
  options: RegisterOptions = {},
): void {
  const results: CaseResult[] = [];
  const folder = process.env['ONRECORD_CONFORMANCE'];
  const report = options.report ?? (folder ? reportTo(folder) : undefined);
  const { concurrent = false } = options;
  if (concurrent && !runner.test.concurrent) throw new Error('This runner has no test.concurrent');
  const test: RegisterTest = (name, body) =>
    concurrent ? runner.test.concurrent?.(name, body) : runner.test(name, body);
  runner.describe(`${suite.name} contract of ${subject.name}`, () => {
    for (const tried of suite.cases) {
      const { id, rule } = tried;
      const applies = tried.appliesTo(subject.facts);
      if (applies !== 'yes') {
        test(`${id} not applicable (${applies.not}): ${rule}`, async (context) => {
          results.push({ id, result: 'not-applicable', reason: applies.not });
          context.skip(applies.not);
        });
        continue;
      }
      test(`${id} ${rule}`, async () => {
        try {
          await runCase(tried, subject);
        } catch (error) {
          results.push({ id, result: 'failed', message: error instanceof Error ? error.message : String(error) });
          throw error;
        }
        results.push({ id, result: 'passed' });
      });
    }
    runner.afterAll?.(async () => {
      if (results.length !== suite.cases.length) return;
      await report?.(conformanceOf(suite, subject, results, suite.remarks?.(subject.facts)));
    });
  });
}
