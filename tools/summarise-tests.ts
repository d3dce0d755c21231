/**
 * Adds up vitest's JSON reports and the lanes beside them, and prints the closing line of the gate.
 * Usage: `node tools/summarise-tests.ts REPORT.json… [LANE=passed|failed|skipped[:reason] …]`
 */
import { readFileSync } from 'node:fs';

interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const reports = process.argv.slice(2).filter((argument) => argument.endsWith('.json'));
const lanes = process.argv.slice(2).filter((argument) => !argument.endsWith('.json'));
let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of reports) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    skipped += report.numPendingTests + report.numTodoTests;
    // A file or a set-up that cannot be loaded fails the run, and no test of it is counted.
    if (!report.success && report.numFailedTests === 0) {
      failed += 1;
      console.log(`failed: ${path}: the run failed outside its tests`);
    }
    for (const { assertionResults } of report.testResults) {
      for (const { fullName, status } of assertionResults) {
        if (status === 'pending' || status === 'skipped' || status === 'todo') console.log(`skipped: ${fullName}`);
      }
    }
  } catch (error) {
    failed += 1;
    console.error(`the test report cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
if (reports.length === 0) failed += 1;
for (const lane of lanes) {
  const [name = lane, result = ''] = lane.split('=');
  const [state, ...reason] = result.split(':');
  if (state === 'passed') passed += 1;
  else if (state === 'skipped') {
    skipped += 1;
    console.log(`skipped: lane ${name}: ${reason.join(':')}`);
  } else {
    failed += 1;
    console.log(`failed: lane ${name}`);
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
