/**
 * Runs every contract suite on every driver and writes docs/conformance.json and docs/conformance.md from what came of
 * it. `--check` writes nothing and fails when they are out of date. `--from FOLDER` takes the records that a test run
 * with ONRECORD_CONFORMANCE=FOLDER left there, instead of running the suites again; `--live FOLDER` the same for the
 * suites that need a real server, which else are run by their lane.
 *
 * Where such a server cannot be had, what was published of it stays as it is, and this is said. A check forgives
 * another version of a server: it resolves through its package index and changes without us.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type CaseResult,
  type ConformanceRecord,
  conformanceTable,
  mutants,
  recordingSuite,
} from '@onrecord/contract-kit';
import { slow } from './vitest/slow.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Source {
  readonly suite: 'recording' | 'storage' | 'session-store';
  readonly subject: string;
  /** Folder of the package that holds the driver. */
  readonly package: string;
  /** What stood behind the driver; undefined: the real thing. */
  readonly standIn?: string;
  readonly test: string;
  /** The npm script that runs it on a real server. */
  readonly lane?: string;
}

const simulator = '@onrecord/simulator';

/** Everything that is held to a contract. A subject without a record fails the run. */
const sources: readonly Source[] = [
  ...(
    [
      ['azure', 'recording'],
      ['azure-own-storage', 'recording'],
      ['azure-entra', 'entra'],
      ['azure-teams-phone', 'entra'],
    ] as const
  ).map(([subject, file]) => ({
    suite: 'recording' as const,
    subject,
    package: 'adapter-azure',
    standIn: subject === 'azure-own-storage' || subject === 'azure-teams-phone' ? `${simulator}, Azurite` : simulator,
    test: `packages/adapter-azure/src/conformance/${file}.test.ts`,
  })),
  ...(['sma', 'meeting', 'insights'] as const).map((name) => ({
    suite: 'recording' as const,
    subject: `chime-${name}`,
    package: 'adapter-chime',
    standIn: simulator,
    test: `packages/adapter-chime/src/conformance/${name}.test.ts`,
  })),
  ...['asterisk-16', 'asterisk-22'].map((subject) => ({
    suite: 'recording' as const,
    subject,
    package: 'adapter-asterisk',
    test: 'packages/adapter-asterisk/src/conformance/recording.asterisk.ts',
    lane: 'test:asterisk',
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
  {
    suite: 'session-store',
    subject: 'object over memory',
    package: 'session-store',
    test: 'packages/session-store/src/object/object-contract.test.ts',
  },
  {
    suite: 'session-store',
    subject: 'object over s3',
    package: 'session-store',
    standIn: simulator,
    test: 'packages/session-store/src/object/object-contract.test.ts',
  },
  {
    suite: 'session-store',
    subject: 'object over azure-blob',
    package: 'session-store',
    standIn: 'Azurite',
    test: 'packages/session-store/src/object/object-azure.test.ts',
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

/** The suite of everything that needs a real server. */
const liveSuite = recordingSuite;

const { values: options } = parseArgs({
  options: { check: { type: 'boolean' }, from: { type: 'string' }, live: { type: 'string' } },
});
const published = readPublished();
const folder = options.from === undefined ? run() : join(root, options.from);
const live = options.live === undefined ? runLanes() : join(root, options.live);
const results = sources.map((source) => ({ ...source, record: source.lane ? readLive(source) : readRecord(source) }));
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
  const files = [...new Set(sources.flatMap(({ test, lane }) => (lane ? [] : [test])))];
  for (const [config, own] of [
    ['vitest.config.ts', files.filter((file) => !slow.includes(file))],
    ['vitest.slow.config.ts', files.filter((file) => slow.includes(file))],
  ] as const) {
    const { status } = spawnSync('npx', ['--no-install', 'vitest', 'run', '--config', config, ...own], {
      cwd: root,
      env: { ...process.env, ONRECORD_CONFORMANCE: target, NO_COLOR: '1' },
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) fail('the suites did not pass');
  }
  return target;
}

/** Runs the suites that need a real server; the records are in the folder returned. */
function runLanes(): string {
  const target = join(root, 'out', 'conformance-live');
  rmSync(target, { recursive: true, force: true });
  for (const lane of new Set(sources.flatMap((source) => source.lane ?? []))) {
    const tests = [...new Set(sources.flatMap((source) => (source.lane === lane ? [source.test] : [])))];
    const { status } = spawnSync('npm', ['run', '--silent', lane, '--', ...tests], {
      cwd: root,
      env: { ...process.env, ONRECORD_CONFORMANCE: target, NO_COLOR: '1' },
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) fail(`${lane} did not pass`);
  }
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

/** What a real server showed in this run; where there was none, what is published of it. */
function readLive({ suite, subject, lane }: Source): ConformanceRecord {
  const known = publishedRecord(subject);
  let text: string;
  try {
    text = readFileSync(join(live, `${suite}.${subject}.json`), 'utf8');
  } catch {
    if (!known) return fail(`${lane} left no record of ${subject}, and nothing is published of it`);
    console.error(`conformance: ${lane} did not run ${subject}; what is published of it (${known.against}) stays.`);
    return known;
  }
  const record = JSON.parse(text) as ConformanceRecord;
  if (!options.check || !known || known.against === record.against) return record;
  console.error(`conformance: ${subject} was ${record.against} here; published is ${known.against}.`);
  return { ...record, against: known.against };
}

interface PublishedReport {
  readonly subjects: readonly (Omit<ConformanceRecord, 'schema' | 'cases'> & {
    readonly cases: readonly CaseResult[];
  })[];
}

function readPublished(): PublishedReport {
  const text = current('docs/conformance.json');
  return text === undefined ? { subjects: [] } : (JSON.parse(text) as PublishedReport);
}

function publishedRecord(subject: string): ConformanceRecord | undefined {
  const entry = published.subjects.find((other) => other.suite === liveSuite.name && other.subject === subject);
  if (!entry) return undefined;
  const { suite, suiteVersion, against, unproven, emulated, cases } = entry;
  return {
    schema: 'onrecord.conformance/v1',
    suite,
    suiteVersion,
    subject,
    ...(against === undefined ? {} : { against }),
    unproven,
    emulated,
    cases: liveSuite.cases.map(({ id, rule }) => ({
      ...(cases.find((other) => other.id === id) ?? untried(id)),
      rule,
    })),
  };
}

function untried(id: string): CaseResult {
  return { id, result: 'not-applicable', reason: 'no server could be had since there is this case' };
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
      ...(result.record.against === undefined ? {} : { against: result.record.against }),
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
      const { suite, subject, record, standIn = record.against ?? 'the real thing' } = result;
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
  if (!options.check) writeFileSync(join(root, path), text);
  else if (text !== current(path)) {
    console.error(`${path} is out of date; run \`npm run conformance\`.`);
    process.exitCode = 1;
  }
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function fail(why: string): never {
  console.error(`conformance: ${why}`);
  process.exit(1);
}
