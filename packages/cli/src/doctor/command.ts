import { systemClock } from '@onrecord/core';
import { Command } from 'commander';
import { configPath } from '../config-path.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { Check } from './check.ts';
import { diagnose } from './diagnose.ts';

interface Given {
  readonly config?: string;
  readonly write: boolean;
  readonly timeout: string;
  readonly accountId?: string;
  readonly json?: true;
}

const help = `
Asks providers only what changes nothing. Writes one small object to the archive and one note to the session store, and
deletes the object again, unless told --no-write. Exit code 1 when something failed.`;

/** `onrecord doctor` */
export function doctorCommand(terminal: Terminal, ended: (code: ExitCode) => void): Command {
  return new Command('doctor')
    .description('check a configuration, and the providers, buckets and stores that it names')
    .option('--config <file>', '(default: onrecord.config.ts, .js, .json or .yaml of this folder)')
    .option('--no-write', 'write nothing anywhere')
    .option('--timeout <seconds>', 'of each question', '10')
    .option('--account-id <id>', 'AWS account of the buckets, to compare their policies')
    .option('--json', 'print one JSON object')
    .addHelpText('after', help)
    .action(async (given: Given) => ended(await doctor(given, terminal)));
}

async function doctor(given: Given, terminal: Terminal): Promise<ExitCode> {
  const timeoutMs = Number(given.timeout) * 1_000;
  if (!(timeoutMs > 0 && timeoutMs <= 600_000)) throw new UsageError('--timeout takes seconds, up to 600.');
  if (given.accountId !== undefined && !/^\d{12}$/.test(given.accountId))
    throw new UsageError('--account-id takes 12 digits.');
  const checks: Check[] = [];
  for await (const check of diagnose({
    config: configPath(given.config, terminal.folder),
    environment: terminal.environment,
    clock: systemClock,
    timeoutMs,
    write: given.write,
    accountId: given.accountId,
    signal: terminal.signal,
  })) {
    checks.push(check);
    if (!given.json) terminal.out(line(check));
  }
  const count = (status: Check['status']) => checks.filter((check) => check.status === status).length;
  const summary = { ok: count('ok'), warning: count('warning'), failed: count('failed'), skipped: count('skipped') };
  if (given.json) terminal.out(`${JSON.stringify({ summary, checks })}\n`);
  else {
    const counts = Object.entries(summary).map(([status, number]) => `${number} ${status}`);
    terminal.out(`${counts.join(', ')}\n`);
  }
  return summary.failed > 0 ? exitCodes.problem : exitCodes.ok;
}

function line({ id, status, message, fix }: Check): string {
  const indented = (text: string) => text.replaceAll('\n', '\n           ');
  return `${status.padEnd(8)} ${id}: ${indented(message)}\n${fix === undefined ? '' : `           ${indented(fix)}\n`}`;
}
