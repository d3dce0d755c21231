/**
 * Checks the output of `npm run --silent demo -- --json` (a file, or stdin) against the files it names: reads them anew,
 * believes nothing, prints each claim, exits 1 when one is false.
 *
 *     npm run --silent demo -- --json > out/demo/results.json
 *     node --conditions=@onrecord/source examples/one-workflow/check-report.ts out/demo/results.json
 */
import { readFileSync } from 'node:fs';
import { run } from './app/run.ts';
import { providerNames } from './cloud/providers.ts';
import { claimsOf } from './report/claims.ts';
import { readResults } from './report/read-results.ts';
import { readScript } from './speech/script.ts';

await run(async () => {
  const [file = '/dev/stdin'] = process.argv.slice(2);
  const results = readResults(readFileSync(file, 'utf8'));
  const turns = await readScript();
  const missing = providerNames.filter((name) => !results.some(({ provider }) => provider === name));
  let failed = missing.length;
  for (const name of missing) console.log(`✗ ${name}: there is no result`);
  for (const result of results) {
    for (const { claim, holds, detail } of await claimsOf(result, turns)) {
      if (!holds) failed += 1;
      console.log(`${holds ? '✓' : '✗'} ${result.provider}: ${claim}${detail === undefined ? '' : ` (${detail})`}`);
    }
  }
  console.log(failed === 0 ? 'check-report: every claim holds' : `check-report: ${failed} claims do not hold`);
  process.exitCode = failed === 0 ? 0 : 1;
});
