/**
 * Keeps the type-level code that users pay for cheap: checks the example workflow against the built declarations and
 * fails when that takes more type instantiations than the budget. Counted, not timed: the same on every machine.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const budget = 5_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'out', 'types-budget');
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      composite: false,
      incremental: false,
      isolatedDeclarations: false,
      noEmit: true,
      rootDir: '../..',
    },
    files: ['../../examples/one-workflow/workflow.ts'],
  }),
);
const result = spawnSync('npx', ['--no-install', 'tsc', '-p', folder, '--extendedDiagnostics'], {
  cwd: root,
  encoding: 'utf8',
});
const counted = /Instantiations:\s*(\d+)/.exec(result.stdout)?.[1];
if (result.status !== 0 || counted === undefined) console.error(result.stdout, result.stderr);
console.log(`check:types-budget: ${counted ?? 'no'} instantiations, budget ${budget}`);
process.exitCode = result.status === 0 && counted !== undefined && Number(counted) <= budget ? 0 : 1;
