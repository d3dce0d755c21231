/**
 * Writes the tables of everything that a provider offers into the READMEs of the adapters, each row with the test that
 * covers it. `--check` writes nothing and fails when a table is out of date; a row without a test fails either way.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { azure } from './azure.ts';
import { chime } from './chime.ts';
import type { Surface, SurfaceRow } from './row.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface NamedTest {
  /** Titles of its suites and its own, as vitest joins them. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
}

/** Every test of the adapters and of the simulator, with the titles that `test.each` fills in. */
function namedTests(projects: readonly string[]): readonly NamedTest[] {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-tests-'));
  try {
    const list = join(folder, 'tests.json');
    const named = projects.flatMap((project) => ['--project', project]);
    execFileSync('npx', ['vitest', 'list', '--no-staticParse', `--json=${list}`, ...named], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const tests = JSON.parse(readFileSync(list, 'utf8')) as readonly NamedTest[];
    return tests.map(({ name, file }) => ({ name, file: relative(root, file) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The adapter's tests before the simulator's, those that show what a row does before its refusals, those that name it
 * themselves before their suites, then the shortest.
 */
function coverOf(
  { name, also }: SurfaceRow,
  tests: readonly NamedTest[],
  weak: RegExp | undefined,
): NamedTest | undefined {
  const pattern = also ?? new RegExp(`(?<![A-Za-z0-9:])${name.replaceAll('.', '\\.')}(?![A-Za-z0-9])`);
  const rank = (test: NamedTest) =>
    (test.file.includes('packages/adapter-') ? 0 : 20_000) +
    (weak?.test(test.name) ? 15_000 : 0) +
    (pattern.test(test.name.split(' > ').at(-1) ?? '') ? 0 : 5_000) +
    test.name.length;
  return tests.filter((test) => pattern.test(test.name)).toSorted((left, right) => rank(left) - rank(right))[0];
}

/** Writes, or checks, the table of one provider; false when something is wrong with it. */
function tabulate(
  { adapter, simulator, tableTests, weak, rows }: Surface,
  all: readonly NamedTest[],
  check: boolean,
): boolean {
  const folders = [`packages/${adapter}/`, `packages/simulator/src/${simulator}/`];
  const tests = all.filter(({ file }) => folders.some((folder) => file.startsWith(folder)) && !tableTests.test(file));
  const covered = rows.map((row) => ({ row, test: coverOf(row, tests, weak) }));
  const missing = covered.filter(({ test }) => test === undefined).map(({ row }) => `${row.group}: ${row.name}`);
  if (missing.length > 0) {
    console.error(
      `surface-tables: ${adapter} has ${missing.length} rows that no test names:\n  ${missing.join('\n  ')}`,
    );
  }
  console.log(`surface-tables: ${adapter}: ${rows.length} rows, ${missing.length} without a test`);
  const table = Object.entries(Object.groupBy(covered, ({ row }) => row.group))
    .map(([group, members = []]) => {
      const lines = members.map(({ row, test }) => {
        const path = test && relative(join(root, 'packages', adapter), join(root, test.file));
        const title = test?.name.split(' > ').slice(-2).join(': ').replaceAll('|', '\\|');
        return `| \`${row.name}\` | ${test ? `[${title}](${path})` : '**none**'} |`;
      });
      return `| ${group} | test |\n| --- | --- |\n${lines.join('\n')}`;
    })
    .join('\n\n');
  const page = join(root, 'packages', adapter, 'README.md');
  const before = readFileSync(page, 'utf8');
  const after = before.replace(
    /(<!-- surface:begin[^>]*-->\n)[\s\S]*?(<!-- surface:end -->)/,
    (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`,
  );
  if (!after.includes(table)) {
    console.error(`surface-tables: the README of ${adapter} has no place for the table.`);
    return false;
  }
  if (!check) writeFileSync(page, after);
  else if (after !== before) {
    console.error(
      `surface-tables: the table in packages/${adapter}/README.md is out of date; run npm run surface-tables`,
    );
    return false;
  }
  return missing.length === 0;
}

const surfaces = [chime, azure];
const tests = namedTests([...surfaces.map(({ adapter }) => adapter), 'simulator']);
const check = process.argv.includes('--check');
const right = surfaces.map((surface) => tabulate(surface, tests, check));
if (right.includes(false)) process.exitCode = 1;
