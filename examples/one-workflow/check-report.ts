/**
 * Checks the output of `npm run --silent demo -- --json` (a file, or stdin) against the files it names: reads them anew,
 * believes nothing, prints each claim, exits 1 when one is false.
 *
 *     npm run --silent demo -- --json > out/demo/results.json
 *     npm run check:demo -- out/demo/results.json
 *
 * With --provider, --caller and --callee as the demo had them.
 */
import { readFileSync } from 'node:fs';
import { run } from './app/run.ts';
import { readOptions } from './cli/options.ts';
import { type Claim, claimsOf, pageClaims } from './report/claims.ts';
import { readResults } from './report/read-results.ts';
import { readScript } from './speech/script.ts';

await run(async () => {
  const args = process.argv.slice(2);
  const file = args[0]?.startsWith('--') === false ? args.shift() : undefined;
  const { providers, voices } = readOptions(args);
  const results = readResults(readFileSync(file ?? '/dev/stdin', 'utf8'));
  const turns = await readScript(voices);
  const missing = providers.filter((name) => !results.some(({ provider }) => provider === name));
  let failed = missing.length;
  for (const name of missing) console.log(`✗ ${name}: there is no result`);
  for (const result of results) tell(result.provider, await claimsOf(result, turns));
  tell('report.html', await pageClaims(results));
  console.log(failed === 0 ? 'check-report: every claim holds' : `check-report: ${failed} claims do not hold`);
  process.exitCode = failed === 0 ? 0 : 1;

  function tell(about: string, claims: readonly Claim[]): void {
    for (const { claim, holds, detail } of claims) {
      if (!holds) failed += 1;
      console.log(`${holds ? '✓' : '✗'} ${about}: ${claim}${detail === undefined ? '' : ` (${detail})`}`);
    }
  }
});
