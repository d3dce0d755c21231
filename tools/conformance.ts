/**
 * Runs every contract suite on every driver and writes docs/conformance.json and docs/conformance.md from what came of
 * it. `--check` writes nothing and fails when they are out of date. `--from FOLDER` takes the records that a test run
 * with ONRECORD_CONFORMANCE=FOLDER left there, instead of running the suites again.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type ConformanceRecord, conformanceTable, mutants } from '@onrecord/contract-kit';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Source {
  readonly suite: 'recording' | 'storage' | 'session-store';
  readonly subject: string;
  /** Folder of the package that holds the driver. */
  readonly package: string;
  /** What stood behind the driver; undefined: the real thing. */
  readonly standIn?: string;
  readonly test: string;
}

const simulator = '@onrecord/simulator';

/** Everything that is held to a contract. A subject without a record fails the run. */
const sources: readonly Source[] = [
  {
    suite: 'recording',
    subject: 'azure',
    package: 'adapter-azure',
    standIn: simulator,
    test: 'packages/adapter-azure/src/conformance/recording.test.ts',
  },
  ...(['sma', 'meeting'] as const).map((name) => ({
    suite: 'recording' as const,
    subject: `chime-${name}`,
    package: 'adapter-chime',
    standIn: simulator,
    test: `packages/adapter-chime/src/conformance/${name}.test.ts`,
  })),
  {
    suite: 'session-store',
    subject: 'memory',
    package: 'core',
    test: 'packages/contract-kit/src/session-store/memory.test.ts',
  },
  {
    suite: 'session-store',
    subject: 'sqlite',
    package: 'session-store',
    test: 'packages/session-store/src/sqlite/sqlite-contract.test.ts',
  },
  { suite: 'storage', subject: 'memory', package: 'storage', test: 'packages/storage/src/memory/memory.test.ts' },
  {
    suite: 'storage',
    subject: 'filesystem',
    package: 'storage',
    test: 'packages/storage/src/filesystem/filesystem-contract.test.ts',
  },
  ...['s3', 's3 in parts'].map((subject) => ({
    suite: 'storage' as const,
    subject,
    package: 'storage',
    standIn: simulator,
    test: 'packages/storage/src/s3/s3-contract.test.ts',
  })),
  {
    suite: 'storage',
    subject: 'azure-blob',
    package: 'storage',
    standIn: 'Azurite',
    test: 'packages/storage/src/azure-blob/azure-blob-contract.test.ts',
  },
];

/** What a driver of each suite implements. */
const specs: { readonly [S in Source['suite']]?: string } = {
  recording: 'onrecord.driver/v1, onrecord.capabilities/v1',
  'session-store': 'onrecord.session/v1',
};

const { values: options } = parseArgs({ options: { check: { type: 'boolean' }, from: { type: 'string' } } });
const folder = options.from === undefined ? run() : join(root, options.from);
const results = sources.map((source) => ({ ...source, record: readRecord(source) }));
const records = results.map(({ record }) => record);
const failed = records.flatMap(({ suite, subject, cases }) =>
  cases.filter(({ result }) => result === 'failed').map(({ id }) => `${suite} ${subject} ${id}`),
);
if (failed.length > 0) fail(`cases failed, so nothing is claimed: ${failed.join(', ')}`);

const kit = `@onrecord/contract-kit ${versionOf('contract-kit')}`;
publish('docs/conformance.json', formatted('docs/conformance.json', JSON.stringify(report())));
publish('docs/conformance.md', page());

/** Runs the suites; the records are in the folder returned. */
function run(): string {
  const target = join(root, 'out', 'conformance');
  rmSync(target, { recursive: true, force: true });
  const files = [...new Set(sources.map(({ test }) => test))];
  const { status } = spawnSync('npx', ['--no-install', 'vitest', 'run', ...files], {
    cwd: root,
    env: { ...process.env, ONRECORD_CONFORMANCE: target, NO_COLOR: '1' },
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) fail('the suites did not pass');
  return target;
}

function readRecord({ suite, subject, test }: Source): ConformanceRecord {
  const path = join(folder, `${suite}.${subject}.json`);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ConformanceRecord;
  } catch (cause) {
    return fail(`${test} left no record of ${subject}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as { version: string })
    .version;
}

function claimOf({ standIn }: Source): 'fixture-conformant' | 'live-qualified' {
  return standIn === undefined ? 'live-qualified' : 'fixture-conformant';
}

function report(): object {
  const suites = new Map(records.map((record) => [record.suite, record]));
  return {
    schema: 'onrecord.conformance-report/v1',
    kit,
    suites: [...suites.values()].map(({ suite, suiteVersion, cases }) => ({
      name: suite,
      version: suiteVersion,
      rules: Object.fromEntries(cases.map(({ id, rule }) => [id, rule])),
    })),
    subjects: results.map((result) => ({
      suite: result.suite,
      suiteVersion: result.record.suiteVersion,
      subject: result.subject,
      driver: `@onrecord/${result.package} ${versionOf(result.package)}`,
      ...(specs[result.suite] === undefined ? {} : { spec: specs[result.suite] }),
      claim: claimOf(result),
      ...(result.standIn === undefined ? {} : { standIn: result.standIn }),
      unproven: result.record.unproven,
      emulated: result.record.emulated,
      cases: result.record.cases.map(({ rule: _, ...outcome }) => outcome),
    })),
    mutants: mutants.map(({ name, caughtBy }) => ({ name, caughtBy })),
  };
}

function page(): string {
  const count = ({ cases }: ConformanceRecord, wanted: string) =>
    cases.filter(({ result }) => result === wanted).length;
  return [
    '# Conformance',
    '',
    '<!-- Written by `npm run conformance`; the same as data: conformance.json. -->',
    '',
    'Every driver is held to the contract of its kind: the same cases for all of them, chosen by what a driver declares',
    'and never by its name. A case that does not apply is listed with its reason and counts for nothing.',
    '',
    '- **fixture-conformant**: every case that applies passed, against a stand-in for the service. It says that the driver',
    '  does what the documentation of the service asks for; nobody has tried it on the service itself.',
    '- **live-qualified**: every case that applies passed, against the real thing.',
    '',
    `Cases of ${kit}.`,
    '',
    '| contract | subject | driver | claim | against | passed | not applicable |',
    '|---|---|---|---|---|---|---|',
    ...results.map((result) => {
      const { suite, subject, record, standIn = 'the real thing' } = result;
      const driver = `@onrecord/${result.package} ${versionOf(result.package)}`;
      const counts = `${count(record, 'passed')} | ${count(record, 'not-applicable')}`;
      return `| ${suite} ${record.suiteVersion} | ${subject} | ${driver} | ${claimOf(result)} | ${standIn} | ${counts} |`;
    }),
    '',
    conformanceTable(records),
    '## Can the cases fail?',
    '',
    'Drivers broken on purpose, and the case that catches each:',
    '',
    '| a driver that … | is caught by |',
    '|---|---|',
    ...mutants.map(({ name, caughtBy }) => `| ${name} | ${caughtBy} |`),
    '',
  ].join('\n');
}

/** As the formatter of the repository wants it. */
function formatted(path: string, text: string): string {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['--no-install', 'biome', 'format', `--stdin-file-path=${path}`],
    {
      cwd: root,
      input: text,
      encoding: 'utf8',
    },
  );
  return status === 0 ? stdout : fail(`the formatter failed: ${stderr}`);
}

function publish(path: string, text: string): void {
  const target = join(root, path);
  if (!options.check) writeFileSync(target, text);
  else if (text !== current(target)) {
    console.error(`${path} is out of date; run \`npm run conformance\`.`);
    process.exitCode = 1;
  }
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function fail(why: string): never {
  console.error(`conformance: ${why}`);
  process.exit(1);
}
