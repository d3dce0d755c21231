/**
 * Records the same conversation on every provider with one workflow, measures the recordings, and writes a report.
 * `npm run demo -- --help` lists the options.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { OnRecordError } from '@onrecord/core';
import { describe, run } from './app/run.ts';
import { readOptions, usage } from './cli/options.ts';
import { Progress } from './cli/progress.ts';
import { summary } from './cli/summary.ts';
import { haveAsterisk } from './cloud/asterisk/availability.ts';
import type { ProviderName } from './cloud/providers.ts';
import { type Run, runProvider } from './cloud/run-provider.ts';
import { measureRun } from './measure/measure-run.ts';
import { html, type ReportEntry } from './report/html.ts';
import { type Result, resultOf, root, succeeded } from './report/result.ts';
import { readScript, type Turn } from './speech/script.ts';

/** Longest that a provider may take; the whole demo ends within a minute. */
const LIMIT_MS = 50_000;

// Its end takes the processes of the application along; what they archived stays.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => {
    console.error(`Broken off by ${signal}. What was archived is in ${join(root, 'out/demo')}.`);
    process.exit(code);
  });
}

await run(async () => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(`${usage}\n`);
  // What is wrong with the voices is said before anything of an earlier demo is replaced.
  const turns = await readScript(options.voices);
  const out = join(root, 'out/demo');
  const progress = new Progress(options.providers);
  if (options.leftOut) console.error(options.leftOut);
  if (options.providers.includes('asterisk')) await haveAsterisk((text) => progress.show('asterisk', text));
  const start = (provider: ProviderName) => attempt(provider, turns, join(out, provider), progress);
  // A server that sends sound in real time loses what it cannot send in time, so it has the machine to itself.
  const simulated = options.providers.filter((provider) => provider !== 'asterisk');
  const outcomes = await Promise.all(simulated.map(start));
  if (options.providers.includes('asterisk')) outcomes.push(await start('asterisk'));
  // Not while a conversation runs: measuring keeps the processor busy, and the voices wait for nobody.
  const results: ReportEntry[] = [];
  for (const outcome of outcomes) {
    const entry = await measure(outcome, progress);
    const { run, result } = entry;
    if (!run?.strain || succeeded(result)) {
      results.push(entry);
      continue;
    }
    // Once, and only where the machine itself says that it could not keep up with telephones.
    progress.show(run.provider, `${run.strain}; once more, by itself`);
    const failed = result.checks.filter((check) => !check.passed).map(({ name }) => name);
    const again = await measure(await attempt(run.provider, turns, join(out, run.provider), progress), progress);
    results.push({ ...again, result: { ...again.result, repeated: `${failed.join(', ')} failed; ${run.strain}` } });
  }
  const list = results.map(({ result }) => result);
  if (options.json) process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
  const terminal = options.json ? process.stderr : process.stdout;
  terminal.write(summary(list, (path) => (URL.canParse(path) ? path : relative(options.folder, join(root, path)))));
  const report = join(out, 'report.html');
  await written(report, html(results));
  terminal.write(`\nOpen ${relative(options.folder, report)} in a browser.\n`);
  process.exitCode = list.every(succeeded) ? 0 : 1;
});

async function measure(outcome: Awaited<ReturnType<typeof attempt>>, progress: Progress): Promise<ReportEntry> {
  if ('error' in outcome) return { result: outcome };
  progress.show(outcome.provider, 'measuring');
  const measured = await measureRun(outcome);
  const result = resultOf(outcome, measured);
  progress.show(outcome.provider, succeeded(result) ? 'recorded and measured' : 'measured: a check failed');
  return { result, run: outcome, measured };
}

/** @throws OnRecordError `storage-failed` naming the file. */
async function written(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause) {
    throw new OnRecordError('storage-failed', `The report ${path} cannot be written (${describe(cause)}).`, {
      remedy: 'Make room on the disk, or let this user write a folder there.',
      cause,
    });
  }
}

async function attempt(
  provider: ProviderName,
  turns: readonly Turn[],
  folder: string,
  progress: Progress,
): Promise<Run | (Result & { readonly error: string })> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const show = (text: string) => progress.show(provider, text);
  try {
    return await runProvider(provider, { turns, folder, progress: show, signal: limit });
  } catch (error) {
    const reason =
      error === limit.reason
        ? new OnRecordError('timeout', `The conversation on ${provider} was not over within ${LIMIT_MS} ms.`)
        : error;
    show('failed');
    return {
      provider,
      sessionId: '',
      state: 'failed',
      endReason: undefined,
      verdict: 'missing',
      emulated: [],
      pauses: [],
      tracks: [],
      checks: [],
      artifacts: [],
      error: describe(reason),
    };
  }
}
