import { type Result, succeeded } from '../report/result.ts';

/**
 * What came of the runs, for a terminal.
 * @param shown a path from the root of the repository, as the one at the terminal would type it.
 */
export function summary(results: readonly Result[], shown: (path: string) => string): string {
  const lines = results.flatMap((result) => {
    const passed = result.checks.filter((check) => check.passed).length;
    const head = `${succeeded(result) ? '✓' : '✗'} ${result.provider}${result.server === undefined ? '' : ` (${result.server})`}: ${result.state}, ${result.verdict}, ${passed} of ${result.checks.length} checks passed`;
    return [
      head,
      ...(result.repeated === undefined ? [] : [`    a second recording; of the first one ${result.repeated}`]),
      ...(result.error === undefined ? [] : [`    ${result.error}`]),
      ...result.checks
        .filter((check) => !check.passed)
        .map(({ claim, measured }) => `    ✗ ${claim} ${JSON.stringify(measured)}`),
      ...result.artifacts.filter(({ role }) => role !== 'metadata').map(({ path }) => `    ${shown(path)}`),
    ];
  });
  return `\n${lines.join('\n')}\n`;
}
