import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { doctorCommand } from './doctor/command.ts';
import { policiesCommand } from './policies/command.ts';
import { simulateCommand } from './simulate/command.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs `onrecord` with these arguments, without the names of node and of the script.
 *
 * @example
 * ```ts
 * process.exitCode = await main(['doctor', '--json'], terminal);
 * ```
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const ended = (code: ExitCode) => {
    exitCode = code;
  };
  const program = new Command('onrecord')
    .description('Record calls and meetings on any platform through one workflow.')
    .version(version())
    .showHelpAfterError('(onrecord --help shows what there is)')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  for (const make of [policiesCommand, doctorCommand, simulateCommand]) {
    program.addCommand(make(terminal, ended).copyInheritedSettings(program));
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, terminal);
  }
}

/** Says what went wrong, once, without a stack: the reader is a user of the command. */
function report(error: unknown, { err }: Terminal): ExitCode {
  // Help and version come as errors of commander, too; it has said everything itself.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof UsageError) {
    err(`onrecord: ${error.message}\n`);
    return exitCodes.usage;
  }
  err(`onrecord: ${error instanceof Error ? error.message : String(error)}\n`);
  return exitCodes.problem;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
