/**
 * Writes the table of everything that the Chime SDK records by into the adapter's README, each row with the test that
 * covers it. `--check` writes nothing and fails when the table is out of date; a row without a test fails either way.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SurfaceRow, surface } from './chime-surface.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'packages/adapter-chime/README.md');

interface NamedTest {
  /** Titles of its suites and its own, as vitest joins them. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
}

/** Every test of the adapter and of its simulator, with the titles that `test.each` fills in. */
function namedTests(): readonly NamedTest[] {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-tests-'));
  try {
    const list = join(folder, 'tests.json');
    const projects = ['--project', 'adapter-chime', '--project', 'simulator'];
    execFileSync('npx', ['vitest', 'list', '--no-staticParse', `--json=${list}`, ...projects], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const tests = JSON.parse(readFileSync(list, 'utf8')) as readonly NamedTest[];
    return tests
      .map(({ name, file }) => ({ name, file: relative(root, file) }))
      .filter(({ file }) => /adapter-chime|simulator\/src\/chime/.test(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Tests that hold a table against a model or a fixture, and show nothing of what the operation, action or event does. */
const tableTests = /operations\.test|documented-events\.test|action-rules\.test|requests\.test/;

/** The adapter's tests before the simulator's, those that name the row themselves before their suites, then the shortest. */
function coverOf({ name, also }: SurfaceRow, tests: readonly NamedTest[]): NamedTest | undefined {
  const pattern = also ?? new RegExp(`(?<![A-Za-z:])${name}(?![A-Za-z])`);
  const rank = (test: NamedTest) =>
    (test.file.includes('adapter-chime') ? 0 : 20_000) +
    (pattern.test(test.name.split(' > ').at(-1) ?? '') ? 0 : 10_000) +
    test.name.length;
  return tests
    .filter((test) => pattern.test(test.name) && !tableTests.test(test.file))
    .toSorted((left, right) => rank(left) - rank(right))[0];
}

const tests = namedTests();
const covered = surface.map((row) => ({ row, test: coverOf(row, tests) }));
const missing = covered.filter(({ test }) => test === undefined).map(({ row }) => `${row.group}: ${row.name}`);
if (missing.length > 0) {
  console.error(`chime-table: ${missing.length} rows that no test names:\n  ${missing.join('\n  ')}`);
  process.exitCode = 1;
}

const table = Object.entries(Object.groupBy(covered, ({ row }) => row.group))
  .map(([group, members = []]) => {
    const lines = members.map(({ row, test }) => {
      const path = test && relative(join(root, 'packages/adapter-chime'), join(root, test.file));
      const title = test?.name.split(' > ').slice(-2).join(': ').replaceAll('|', '\\|');
      return `| \`${row.name}\` | ${test ? `[${title}](${path})` : '**none**'} |`;
    });
    return `| ${group} | test |\n| --- | --- |\n${lines.join('\n')}`;
  })
  .join('\n\n');

const before = readFileSync(page, 'utf8');
const after = before.replace(
  /(<!-- surface:begin[^>]*-->\n)[\s\S]*?(<!-- surface:end -->)/,
  (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`,
);
if (after === before && !before.includes(table)) {
  console.error('chime-table: the README has no place for the table.');
  process.exitCode = 1;
} else if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('chime-table: the table in packages/adapter-chime/README.md is out of date; run npm run chime-table');
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, after);
}
console.log(`chime-table: ${surface.length} rows, ${missing.length} without a test`);
